"""Remove the index of one repository. The repository stays as it is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_unindex_repository")


class DevinUnindexRepository(ToolComponent):
    """Remove the index of one repository. The repository stays as it is."""
