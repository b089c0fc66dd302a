"""Make a service user of the organisation, and show its first key once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_service_user")


class DevinCreateServiceUser(ToolComponent):
    """Make a service user of the organisation, and show its first key once."""
