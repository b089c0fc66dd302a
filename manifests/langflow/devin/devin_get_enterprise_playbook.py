"""Read one playbook of the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_playbook")


class DevinGetEnterprisePlaybook(ToolComponent):
    """Read one playbook of the enterprise."""
