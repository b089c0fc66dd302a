"""Get a link to the log of a build, good for 10 minutes."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_build_logs")


class DevinGetBuildLogs(ToolComponent):
    """Get a link to the log of a build, good for 10 minutes."""
