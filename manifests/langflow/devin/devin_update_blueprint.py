"""Replace the YAML of a blueprint, or change when a build runs it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_blueprint")


class DevinUpdateBlueprint(ToolComponent):
    """Replace the YAML of a blueprint, or change when a build runs it."""
