"""Have new sessions start from this build until it is unpinned."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_pin_build")


class DevinPinBuild(ToolComponent):
    """Have new sessions start from this build until it is unpinned."""
