"""List the builds of the organisation, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_builds")


class DevinListBuilds(ToolComponent):
    """List the builds of the organisation, one page per call."""
