"""Read one role and the permissions it gives."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_role")


class DevinGetRole(ToolComponent):
    """Read one role and the permissions it gives."""
