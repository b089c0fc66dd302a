"""Read how many sessions of the enterprise have no machine yet."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_queue")


class DevinGetQueue(ToolComponent):
    """Read how many sessions of the enterprise have no machine yet."""
