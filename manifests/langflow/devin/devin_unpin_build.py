"""Unpin a build: new sessions start from the latest one that succeeded again."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_unpin_build")


class DevinUnpinBuild(ToolComponent):
    """Unpin a build: new sessions start from the latest one that succeeded again."""
