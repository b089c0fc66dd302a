"""List what scans found in all organisations, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_findings")


class DevinListEnterpriseFindings(ToolComponent):
    """List what scans found in all organisations, newest first, one page per call."""
