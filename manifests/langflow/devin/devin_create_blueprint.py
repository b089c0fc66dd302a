"""Create a blueprint for a repository, or for all of them."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_blueprint")


class DevinCreateBlueprint(ToolComponent):
    """Create a blueprint for a repository, or for all of them."""
