"""Read the tags of a session."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_session_tags")


class DevinGetSessionTags(ToolComponent):
    """Read the tags of a session."""
