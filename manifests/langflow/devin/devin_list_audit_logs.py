"""List what was done in the enterprise and by whom, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_audit_logs")


class DevinListAuditLogs(ToolComponent):
    """List what was done in the enterprise and by whom, one page per call."""
