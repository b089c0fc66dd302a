"""Add tags to a session of any organisation, keeping those it has."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_append_enterprise_session_tags")


class DevinAppendEnterpriseSessionTags(ToolComponent):
    """Add tags to a session of any organisation, keeping those it has."""
