"""Add tags to those that the sessions of an organisation may have."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_append_allowed_tags")


class DevinAppendAllowedTags(ToolComponent):
    """Add tags to those that the sessions of an organisation may have."""
