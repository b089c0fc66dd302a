"""Let an organisation use more repositories of the connections."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_git_permissions")


class DevinCreateGitPermissions(ToolComponent):
    """Let an organisation use more repositories of the connections."""
