"""List the repositories that a connection reaches, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_git_connection_repositories")


class DevinListGitConnectionRepositories(ToolComponent):
    """List the repositories that a connection reaches, one page per call."""
