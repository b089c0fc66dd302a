"""Replace all tags that the sessions of an organisation may have."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_replace_allowed_tags")


class DevinReplaceAllowedTags(ToolComponent):
    """Replace all tags that the sessions of an organisation may have."""
