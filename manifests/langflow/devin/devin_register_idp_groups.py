"""Register groups of the identity provider by name, so that they can get roles."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_register_idp_groups")


class DevinRegisterIdpGroups(ToolComponent):
    """Register groups of the identity provider by name, so that they can get roles."""
