"""Start a scan in any organisation that takes in findings of another scanner."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_start_enterprise_ingestion_scan")


class DevinStartEnterpriseIngestionScan(ToolComponent):
    """Start a scan in any organisation that takes in findings of another scanner."""
