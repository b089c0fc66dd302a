"""Delete a knowledge note for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_knowledge_note")


class DevinDeleteKnowledgeNote(ToolComponent):
    """Delete a knowledge note for good."""
