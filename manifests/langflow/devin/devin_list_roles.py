"""List the roles of the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_roles")


class DevinListRoles(ToolComponent):
    """List the roles of the enterprise, one page per call."""
