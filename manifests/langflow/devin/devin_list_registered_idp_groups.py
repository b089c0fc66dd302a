"""List the identity provider's groups that are registered, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_registered_idp_groups")


class DevinListRegisteredIdpGroups(ToolComponent):
    """List the identity provider's groups that are registered, one page per call."""
