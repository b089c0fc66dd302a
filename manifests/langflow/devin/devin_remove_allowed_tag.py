"""Remove one tag from those that the sessions of an organisation may have."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_allowed_tag")


class DevinRemoveAllowedTag(ToolComponent):
    """Remove one tag from those that the sessions of an organisation may have."""
