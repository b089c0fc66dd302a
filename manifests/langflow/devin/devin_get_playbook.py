"""Read one playbook."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_playbook")


class DevinGetPlaybook(ToolComponent):
    """Read one playbook."""
