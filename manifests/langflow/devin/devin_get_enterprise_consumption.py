"""Read what the whole enterprise spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_consumption")


class DevinGetEnterpriseConsumption(ToolComponent):
    """Read what the whole enterprise spent, day by day."""
