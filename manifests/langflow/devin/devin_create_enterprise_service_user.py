"""Make a service user of the enterprise, and show its first key once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_enterprise_service_user")


class DevinCreateEnterpriseServiceUser(ToolComponent):
    """Make a service user of the enterprise, and show its first key once."""
