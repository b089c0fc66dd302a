"""Change whether a permission of an organisation lets it write."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_git_permission")


class DevinUpdateGitPermission(ToolComponent):
    """Change whether a permission of an organisation lets it write."""
