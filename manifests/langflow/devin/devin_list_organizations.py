"""List the organisations of the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organizations")


class DevinListOrganizations(ToolComponent):
    """List the organisations of the enterprise, one page per call."""
