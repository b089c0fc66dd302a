"""Have Devin fix a bug: find its cause, add a test, open a pull request."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_fix_bug")


class DevinFixBug(ToolComponent):
    """Have Devin fix a bug: find its cause, add a test, open a pull request."""
