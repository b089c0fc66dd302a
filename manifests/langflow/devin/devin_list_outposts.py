"""List the outposts that the key is for, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_outposts")


class DevinListOutposts(ToolComponent):
    """List the outposts that the key is for, one page per call."""
