"""Delete a blueprint: the next build is made without it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_blueprint")


class DevinDeleteBlueprint(ToolComponent):
    """Delete a blueprint: the next build is made without it."""
