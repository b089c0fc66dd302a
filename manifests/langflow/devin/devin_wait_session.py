"""Wait until a session settles, and say how."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_wait_session")


class DevinWaitSession(ToolComponent):
    """Wait until a session settles, and say how."""
