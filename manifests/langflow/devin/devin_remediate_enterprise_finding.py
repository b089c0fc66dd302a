"""Start a session in any organisation that fixes a finding."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remediate_enterprise_finding")


class DevinRemediateEnterpriseFinding(ToolComponent):
    """Start a session in any organisation that fixes a finding."""
