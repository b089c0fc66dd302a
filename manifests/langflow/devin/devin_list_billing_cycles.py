"""List the billing cycles of the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_billing_cycles")


class DevinListBillingCycles(ToolComponent):
    """List the billing cycles of the enterprise, one page per call."""
