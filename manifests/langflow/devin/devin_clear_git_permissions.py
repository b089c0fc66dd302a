"""Delete all permissions of an organisation: its sessions lose all code."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_clear_git_permissions")


class DevinClearGitPermissions(ToolComponent):
    """Delete all permissions of an organisation: its sessions lose all code."""
