"""Start a scan of a repository."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_start_code_scan")


class DevinStartCodeScan(ToolComponent):
    """Start a scan of a repository."""
