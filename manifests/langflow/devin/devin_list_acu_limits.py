"""List the ACU limits of billing cycles, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_acu_limits")


class DevinListAcuLimits(ToolComponent):
    """List the ACU limits of billing cycles, one page per call."""
