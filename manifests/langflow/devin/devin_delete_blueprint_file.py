"""Delete a file of a blueprint for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_blueprint_file")


class DevinDeleteBlueprintFile(ToolComponent):
    """Delete a file of a blueprint for good."""
