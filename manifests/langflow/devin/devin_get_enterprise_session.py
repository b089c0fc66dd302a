"""Read one session of any organisation: its state, pull requests and output."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_session")


class DevinGetEnterpriseSession(ToolComponent):
    """Read one session of any organisation: its state, pull requests and output."""
