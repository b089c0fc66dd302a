"""Read what one user spent in all organisations, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_user_acus")


class DevinGetEnterpriseUserAcus(ToolComponent):
    """Read what one user spent in all organisations, day by day."""
