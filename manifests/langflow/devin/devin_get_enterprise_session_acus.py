"""Read what one session of any organisation spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_session_acus")


class DevinGetEnterpriseSessionAcus(ToolComponent):
    """Read what one session of any organisation spent, day by day."""
