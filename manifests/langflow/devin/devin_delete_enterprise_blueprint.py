"""Delete the enterprise's blueprint: later builds are made without it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_enterprise_blueprint")


class DevinDeleteEnterpriseBlueprint(ToolComponent):
    """Delete the enterprise's blueprint: later builds are made without it."""
