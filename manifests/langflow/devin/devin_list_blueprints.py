"""List the blueprints of the organisation and its repositories, all at once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_blueprints")


class DevinListBlueprints(ToolComponent):
    """List the blueprints of the organisation and its repositories, all at once."""
