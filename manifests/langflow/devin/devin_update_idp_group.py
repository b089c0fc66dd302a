"""Change the role of a group in the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_idp_group")


class DevinUpdateIdpGroup(ToolComponent):
    """Change the role of a group in the enterprise."""
