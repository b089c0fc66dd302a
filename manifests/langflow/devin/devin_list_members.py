"""List the people of the organisation, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_members")


class DevinListMembers(ToolComponent):
    """List the people of the organisation, one page per call."""
