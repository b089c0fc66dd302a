"""Delete a playbook for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_playbook")


class DevinDeletePlaybook(ToolComponent):
    """Delete a playbook for good."""
