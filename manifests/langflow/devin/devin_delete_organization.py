"""Delete an organisation with everything in it, for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_organization")


class DevinDeleteOrganization(ToolComponent):
    """Delete an organisation with everything in it, for good."""
