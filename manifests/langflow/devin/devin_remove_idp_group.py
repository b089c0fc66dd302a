"""Take the roles of a group away, in the enterprise and in every organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_idp_group")


class DevinRemoveIdpGroup(ToolComponent):
    """Take the roles of a group away, in the enterprise and in every organisation."""
