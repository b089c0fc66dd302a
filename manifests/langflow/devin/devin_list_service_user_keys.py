"""List the API keys of a service user, without the keys themselves."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_service_user_keys")


class DevinListServiceUserKeys(ToolComponent):
    """List the API keys of a service user, without the keys themselves."""
