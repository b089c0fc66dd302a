"""Count the users of all organisations who were active in each month, in UTC."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_mau")


class DevinGetEnterpriseMau(ToolComponent):
    """Count the users of all organisations who were active in each month, in UTC."""
