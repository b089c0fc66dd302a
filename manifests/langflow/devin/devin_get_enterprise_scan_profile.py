"""Read a profile of any organisation, or of the account, with its guidance."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_scan_profile")


class DevinGetEnterpriseScanProfile(ToolComponent):
    """Read a profile of any organisation, or of the account, with its guidance."""
