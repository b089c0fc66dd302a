"""Change some fields of a playbook, keeping the others."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_playbook")


class DevinUpdatePlaybook(ToolComponent):
    """Change some fields of a playbook, keeping the others."""
