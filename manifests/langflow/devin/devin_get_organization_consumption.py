"""Read what one organisation of the enterprise spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_organization_consumption")


class DevinGetOrganizationConsumption(ToolComponent):
    """Read what one organisation of the enterprise spent, day by day."""
