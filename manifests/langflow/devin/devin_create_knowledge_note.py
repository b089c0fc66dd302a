"""Create a knowledge note."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_knowledge_note")


class DevinCreateKnowledgeNote(ToolComponent):
    """Create a knowledge note."""
