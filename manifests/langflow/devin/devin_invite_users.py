"""Invite people to the enterprise by e-mail, all with one role."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_invite_users")


class DevinInviteUsers(ToolComponent):
    """Invite people to the enterprise by e-mail, all with one role."""
