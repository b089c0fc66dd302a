"""Send a file, to be given to a session."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_upload_attachment")


class DevinUploadAttachment(ToolComponent):
    """Send a file, to be given to a session."""
