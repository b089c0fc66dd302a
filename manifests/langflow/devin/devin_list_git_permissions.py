"""List what an organisation may use of the connections, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_git_permissions")


class DevinListGitPermissions(ToolComponent):
    """List what an organisation may use of the connections, one page per call."""
