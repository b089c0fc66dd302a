"""Change some fields of a knowledge note, keeping the others."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_knowledge_note")


class DevinUpdateKnowledgeNote(ToolComponent):
    """Change some fields of a knowledge note, keeping the others."""
