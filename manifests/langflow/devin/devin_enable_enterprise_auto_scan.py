"""Have a scan of any organisation run again and again by itself."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_enable_enterprise_auto_scan")


class DevinEnableEnterpriseAutoScan(ToolComponent):
    """Have a scan of any organisation run again and again by itself."""
