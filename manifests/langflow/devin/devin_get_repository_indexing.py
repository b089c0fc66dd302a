"""Read how the index of a repository stands, branch by branch."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_repository_indexing")


class DevinGetRepositoryIndexing(ToolComponent):
    """Read how the index of a repository stands, branch by branch."""
