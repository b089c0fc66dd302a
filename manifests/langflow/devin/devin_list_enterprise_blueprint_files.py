"""List the files of the enterprise's blueprint. What is in them never comes back."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_blueprint_files")


class DevinListEnterpriseBlueprintFiles(ToolComponent):
    """List the files of the enterprise's blueprint. What is in them never comes back."""
