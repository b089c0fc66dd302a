"""Put a session that a worker has claimed back into the queue."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_release_outpost_session")


class DevinReleaseOutpostSession(ToolComponent):
    """Put a session that a worker has claimed back into the queue."""
