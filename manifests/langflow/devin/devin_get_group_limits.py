"""Read what groups of organisations may spend together in a billing cycle."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_group_limits")


class DevinGetGroupLimits(ToolComponent):
    """Read what groups of organisations may spend together in a billing cycle."""
