"""Replace all tags of a session of any organisation; an empty list removes them."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_replace_enterprise_session_tags")


class DevinReplaceEnterpriseSessionTags(ToolComponent):
    """Replace all tags of a session of any organisation; an empty list removes them."""
