"""List the messages of a session of any organisation, oldest first."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_messages")


class DevinListEnterpriseMessages(ToolComponent):
    """List the messages of a session of any organisation, oldest first."""
