"""Read one knowledge note."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_knowledge_note")


class DevinGetKnowledgeNote(ToolComponent):
    """Read one knowledge note."""
