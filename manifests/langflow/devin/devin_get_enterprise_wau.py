"""Count the users of all organisations who were active in each week, in UTC."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_wau")


class DevinGetEnterpriseWau(ToolComponent):
    """Count the users of all organisations who were active in each week, in UTC."""
