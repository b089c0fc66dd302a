"""Save one file of a session on this machine."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_download_attachment")


class DevinDownloadAttachment(ToolComponent):
    """Save one file of a session on this machine."""
