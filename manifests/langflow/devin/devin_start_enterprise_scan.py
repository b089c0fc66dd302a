"""Start a scan of a repository of any organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_start_enterprise_scan")


class DevinStartEnterpriseScan(ToolComponent):
    """Start a scan of a repository of any organisation."""
