"""Create a playbook."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_playbook")


class DevinCreatePlaybook(ToolComponent):
    """Create a playbook."""
