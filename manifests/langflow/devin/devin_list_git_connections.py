"""List the enterprise's connections to code hosts, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_git_connections")


class DevinListGitConnections(ToolComponent):
    """List the enterprise's connections to code hosts, one page per call."""
