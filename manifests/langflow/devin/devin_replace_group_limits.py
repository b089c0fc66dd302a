"""Replace the limits of all groups of organisations: groups left out are deleted."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_replace_group_limits")


class DevinReplaceGroupLimits(ToolComponent):
    """Replace the limits of all groups of organisations: groups left out are deleted."""
