"""Read one service user, with its roles in the enterprise and in organisations."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_service_user")


class DevinGetServiceUser(ToolComponent):
    """Read one service user, with its roles in the enterprise and in organisations."""
