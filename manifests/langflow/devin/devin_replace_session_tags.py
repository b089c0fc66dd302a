"""Replace all tags of a session; an empty list removes them all."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_replace_session_tags")


class DevinReplaceSessionTags(ToolComponent):
    """Replace all tags of a session; an empty list removes them all."""
