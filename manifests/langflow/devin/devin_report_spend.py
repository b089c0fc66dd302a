"""Report what the enterprise spent, by organisation, user and session."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_report_spend")


class DevinReportSpend(ToolComponent):
    """Report what the enterprise spent, by organisation, user and session."""
