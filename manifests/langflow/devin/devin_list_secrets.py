"""List the organisation's secrets, one page per call. Values never come back."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_secrets")


class DevinListSecrets(ToolComponent):
    """List the organisation's secrets, one page per call. Values never come back."""
