"""List knowledge notes, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_knowledge_notes")


class DevinListKnowledgeNotes(ToolComponent):
    """List knowledge notes, one page per call."""
