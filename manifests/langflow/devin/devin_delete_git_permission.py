"""Delete one permission of an organisation: its sessions lose that code."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_git_permission")


class DevinDeleteGitPermission(ToolComponent):
    """Delete one permission of an organisation: its sessions lose that code."""
