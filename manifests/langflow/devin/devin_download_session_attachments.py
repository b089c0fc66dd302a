"""Save all files of a session into a folder."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_download_session_attachments")


class DevinDownloadSessionAttachments(ToolComponent):
    """Save all files of a session into a folder."""
