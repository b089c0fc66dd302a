"""Stop a scan of any organisation from running again; scans that run go on."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_disable_enterprise_auto_scan")


class DevinDisableEnterpriseAutoScan(ToolComponent):
    """Stop a scan of any organisation from running again; scans that run go on."""
