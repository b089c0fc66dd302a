"""Add the new entries of the audit log to a file, one line of JSON each."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_export_audit_logs")


class DevinExportAuditLogs(ToolComponent):
    """Add the new entries of the audit log to a file, one line of JSON each."""
