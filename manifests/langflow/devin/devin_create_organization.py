"""Create an organisation in the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_organization")


class DevinCreateOrganization(ToolComponent):
    """Create an organisation in the enterprise."""
