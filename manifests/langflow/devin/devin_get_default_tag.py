"""Read the tag that the sessions of an organisation get by default."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_default_tag")


class DevinGetDefaultTag(ToolComponent):
    """Read the tag that the sessions of an organisation get by default."""
