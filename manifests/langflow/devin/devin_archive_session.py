"""Archive a session: put it to sleep and out of the way; it can come back."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_archive_session")


class DevinArchiveSession(ToolComponent):
    """Archive a session: put it to sleep and out of the way; it can come back."""
