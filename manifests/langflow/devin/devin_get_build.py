"""Read how far a build is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_build")


class DevinGetBuild(ToolComponent):
    """Read how far a build is."""
