"""List the repositories with an index, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_indexed_repositories")


class DevinListIndexedRepositories(ToolComponent):
    """List the repositories with an index, one page per call."""
