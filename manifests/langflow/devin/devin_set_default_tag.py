"""Set the tag that the sessions of an organisation get by default."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_set_default_tag")


class DevinSetDefaultTag(ToolComponent):
    """Set the tag that the sessions of an organisation get by default."""
