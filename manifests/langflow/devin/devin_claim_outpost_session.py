"""Take a session out of the queue for a worker, or renew its claim."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_claim_outpost_session")


class DevinClaimOutpostSession(ToolComponent):
    """Take a session out of the queue for a worker, or renew its claim."""
