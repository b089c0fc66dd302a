"""Get a link to the YAML of a blueprint, good for 10 minutes."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_blueprint_contents")


class DevinGetBlueprintContents(ToolComponent):
    """Get a link to the YAML of a blueprint, good for 10 minutes."""
