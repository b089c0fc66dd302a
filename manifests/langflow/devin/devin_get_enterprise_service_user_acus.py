"""Read what one service user spent in all organisations, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_service_user_acus")


class DevinGetEnterpriseServiceUserAcus(ToolComponent):
    """Read what one service user spent in all organisations, day by day."""
