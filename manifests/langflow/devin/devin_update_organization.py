"""Change the name or the limits of an organisation; the rest stays as it is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_organization")


class DevinUpdateOrganization(ToolComponent):
    """Change the name or the limits of an organisation; the rest stays as it is."""
