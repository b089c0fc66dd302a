"""Read one group of the identity provider with its roles."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_idp_group")


class DevinGetIdpGroup(ToolComponent):
    """Read one group of the identity provider with its roles."""
