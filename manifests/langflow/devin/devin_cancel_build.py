"""Cancel a build that has not ended; one that has stays as it is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_cancel_build")


class DevinCancelBuild(ToolComponent):
    """Cancel a build that has not ended; one that has stays as it is."""
