"""List playbooks, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_playbooks")


class DevinListPlaybooks(ToolComponent):
    """List playbooks, one page per call."""
