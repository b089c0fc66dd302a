"""Read which tags the sessions of an organisation may have."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_allowed_tags")


class DevinGetAllowedTags(ToolComponent):
    """Read which tags the sessions of an organisation may have."""
