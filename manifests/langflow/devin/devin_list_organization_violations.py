"""List what broke a guardrail in one organisation, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organization_violations")


class DevinListOrganizationViolations(ToolComponent):
    """List what broke a guardrail in one organisation, one page per call."""
