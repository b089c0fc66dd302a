"""List the service users of the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_service_users")


class DevinListServiceUsers(ToolComponent):
    """List the service users of the enterprise, one page per call."""
