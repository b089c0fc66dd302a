"""Create the blueprint of the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_enterprise_blueprint")


class DevinCreateEnterpriseBlueprint(ToolComponent):
    """Create the blueprint of the enterprise."""
