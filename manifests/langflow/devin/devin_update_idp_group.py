"""Give a group another role in the enterprise, in place of the one it has."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_idp_group")


class DevinUpdateIdpGroup(ToolComponent):
    """Give a group another role in the enterprise, in place of the one it has."""
