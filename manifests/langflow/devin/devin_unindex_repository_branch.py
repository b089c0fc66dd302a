"""Remove one branch from the index of a repository. The branch stays as it is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_unindex_repository_branch")


class DevinUnindexRepositoryBranch(ToolComponent):
    """Remove one branch from the index of a repository. The branch stays as it is."""
