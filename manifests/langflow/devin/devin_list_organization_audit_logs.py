"""List what was done in one organisation and by whom, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organization_audit_logs")


class DevinListOrganizationAuditLogs(ToolComponent):
    """List what was done in one organisation and by whom, one page per call."""
