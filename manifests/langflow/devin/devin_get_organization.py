"""Read one organisation of the enterprise: its name and its limits."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_organization")


class DevinGetOrganization(ToolComponent):
    """Read one organisation of the enterprise: its name and its limits."""
