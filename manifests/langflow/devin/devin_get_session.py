"""Read one session: its state, pull requests and structured output."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_session")


class DevinGetSession(ToolComponent):
    """Read one session: its state, pull requests and structured output."""
