"""Delete a playbook of the enterprise for good, in every organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_enterprise_playbook")


class DevinDeleteEnterprisePlaybook(ToolComponent):
    """Delete a playbook of the enterprise for good, in every organisation."""
