"""Replace the YAML of the enterprise's blueprint."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_enterprise_blueprint")


class DevinUpdateEnterpriseBlueprint(ToolComponent):
    """Replace the YAML of the enterprise's blueprint."""
