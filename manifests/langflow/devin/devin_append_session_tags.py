"""Add tags to a session, keeping those it has."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_append_session_tags")


class DevinAppendSessionTags(ToolComponent):
    """Add tags to a session, keeping those it has."""
