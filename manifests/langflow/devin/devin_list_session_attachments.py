"""List the files given to a session or made by it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_session_attachments")


class DevinListSessionAttachments(ToolComponent):
    """List the files given to a session or made by it."""
