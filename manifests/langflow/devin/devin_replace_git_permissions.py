"""Replace all that an organisation may use of the connections."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_replace_git_permissions")


class DevinReplaceGitPermissions(ToolComponent):
    """Replace all that an organisation may use of the connections."""
