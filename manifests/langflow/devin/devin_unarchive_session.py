"""Bring an archived session back, so that it can change and wake again."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_unarchive_session")


class DevinUnarchiveSession(ToolComponent):
    """Bring an archived session back, so that it can change and wake again."""
