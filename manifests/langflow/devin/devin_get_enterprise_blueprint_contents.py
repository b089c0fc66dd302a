"""Get a link to the YAML of the enterprise's blueprint, good for 10 minutes."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_blueprint_contents")


class DevinGetEnterpriseBlueprintContents(ToolComponent):
    """Get a link to the YAML of the enterprise's blueprint, good for 10 minutes."""
