"""Create a playbook that every organisation of the enterprise has."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_enterprise_playbook")


class DevinCreateEnterprisePlaybook(ToolComponent):
    """Create a playbook that every organisation of the enterprise has."""
