"""List the repositories that the organisation can reach, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_repositories")


class DevinListRepositories(ToolComponent):
    """List the repositories that the organisation can reach, one page per call."""
