"""Start a build of the current blueprints; it goes on by itself."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_start_build")


class DevinStartBuild(ToolComponent):
    """Start a build of the current blueprints; it goes on by itself."""
