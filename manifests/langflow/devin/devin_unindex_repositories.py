"""Remove the indexes of several repositories. The repositories stay as they are."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_unindex_repositories")


class DevinUnindexRepositories(ToolComponent):
    """Remove the indexes of several repositories. The repositories stay as they are."""
