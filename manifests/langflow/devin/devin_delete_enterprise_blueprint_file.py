"""Delete a file of the enterprise's blueprint for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_enterprise_blueprint_file")


class DevinDeleteEnterpriseBlueprintFile(ToolComponent):
    """Delete a file of the enterprise's blueprint for good."""
