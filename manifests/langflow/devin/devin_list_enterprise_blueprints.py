"""List the blueprints of the enterprise, all at once: it has one, or none."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_blueprints")


class DevinListEnterpriseBlueprints(ToolComponent):
    """List the blueprints of the enterprise, all at once: it has one, or none."""
