"""Unregister a group of the identity provider, so that it can get no role."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_unregister_idp_group")


class DevinUnregisterIdpGroup(ToolComponent):
    """Unregister a group of the identity provider, so that it can get no role."""
