"""Clear the tag that the sessions of an organisation get by default."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_clear_default_tag")


class DevinClearDefaultTag(ToolComponent):
    """Clear the tag that the sessions of an organisation get by default."""
