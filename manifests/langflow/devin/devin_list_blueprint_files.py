"""List the files of a blueprint, all at once. What is in them never comes back."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_blueprint_files")


class DevinListBlueprintFiles(ToolComponent):
    """List the files of a blueprint, all at once. What is in them never comes back."""
