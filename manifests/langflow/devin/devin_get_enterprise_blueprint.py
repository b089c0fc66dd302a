"""Read what there is to know of the enterprise's blueprint, but for its YAML."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_blueprint")


class DevinGetEnterpriseBlueprint(ToolComponent):
    """Read what there is to know of the enterprise's blueprint, but for its YAML."""
