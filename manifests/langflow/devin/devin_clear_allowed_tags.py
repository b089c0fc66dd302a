"""Clear the list of allowed tags of an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_clear_allowed_tags")


class DevinClearAllowedTags(ToolComponent):
    """Clear the list of allowed tags of an organisation."""
