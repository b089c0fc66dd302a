"""List the folders of knowledge notes, all at once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_knowledge_folders")


class DevinListKnowledgeFolders(ToolComponent):
    """List the folders of knowledge notes, all at once."""
