"""Start a session that fixes a finding and opens a pull request."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remediate_finding")


class DevinRemediateFinding(ToolComponent):
    """Start a session that fixes a finding and opens a pull request."""
