"""Read what one service user spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_service_user_consumption")


class DevinGetServiceUserConsumption(ToolComponent):
    """Read what one service user spent, day by day."""
