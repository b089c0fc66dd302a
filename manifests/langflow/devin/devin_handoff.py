"""Hand a task to Devin with the state of a repository of this machine."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_handoff")


class DevinHandoff(ToolComponent):
    """Hand a task to Devin with the state of a repository of this machine."""
