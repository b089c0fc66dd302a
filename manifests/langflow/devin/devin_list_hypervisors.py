"""List the machines that sessions of the enterprise run on, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_hypervisors")


class DevinListHypervisors(ToolComponent):
    """List the machines that sessions of the enterprise run on, one page per call."""
