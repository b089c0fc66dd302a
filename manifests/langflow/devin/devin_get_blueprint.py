"""Read what there is to know of a blueprint; its YAML comes by another tool."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_blueprint")


class DevinGetBlueprint(ToolComponent):
    """Read what there is to know of a blueprint; its YAML comes by another tool."""
