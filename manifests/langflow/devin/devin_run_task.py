"""Start a session on a task, wait until it settles, and collect what it made."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_run_task")


class DevinRunTask(ToolComponent):
    """Start a session on a task, wait until it settles, and collect what it made."""
