"""Start a scan that takes in findings of another scanner and checks them."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_start_ingestion_scan")


class DevinStartIngestionScan(ToolComponent):
    """Start a scan that takes in findings of another scanner and checks them."""
