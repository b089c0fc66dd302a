"""Count the users of all organisations who were active on each day, in UTC."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_dau")


class DevinGetEnterpriseDau(ToolComponent):
    """Count the users of all organisations who were active on each day, in UTC."""
