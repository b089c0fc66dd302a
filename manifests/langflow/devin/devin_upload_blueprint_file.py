"""Send a file that the builds of a blueprint need."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_upload_blueprint_file")


class DevinUploadBlueprintFile(ToolComponent):
    """Send a file that the builds of a blueprint need."""
