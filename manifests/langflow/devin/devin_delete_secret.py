"""Delete a secret for good. The output is what there was to know of it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_secret")


class DevinDeleteSecret(ToolComponent):
    """Delete a secret for good. The output is what there was to know of it."""
