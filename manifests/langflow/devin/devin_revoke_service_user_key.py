"""Revoke an API key of a service user, for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_revoke_service_user_key")


class DevinRevokeServiceUserKey(ToolComponent):
    """Revoke an API key of a service user, for good."""
