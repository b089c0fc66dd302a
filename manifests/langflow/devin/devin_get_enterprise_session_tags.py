"""Read the tags of a session of any organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_session_tags")


class DevinGetEnterpriseSessionTags(ToolComponent):
    """Read the tags of a session of any organisation."""
