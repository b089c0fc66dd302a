"""Change some fields of a playbook of the enterprise, keeping the others."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_enterprise_playbook")


class DevinUpdateEnterprisePlaybook(ToolComponent):
    """Change some fields of a playbook of the enterprise, keeping the others."""
