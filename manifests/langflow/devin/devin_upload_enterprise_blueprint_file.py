"""Send a file that the enterprise's blueprint needs in builds."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_upload_enterprise_blueprint_file")


class DevinUploadEnterpriseBlueprintFile(ToolComponent):
    """Send a file that the enterprise's blueprint needs in builds."""
