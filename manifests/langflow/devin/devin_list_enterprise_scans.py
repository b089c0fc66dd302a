"""List the scans of all organisations' code, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_scans")


class DevinListEnterpriseScans(ToolComponent):
    """List the scans of all organisations' code, newest first, one page per call."""
