"""List the vendor's templates for automations."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_automation_templates")


class DevinListAutomationTemplates(ToolComponent):
    """List the vendor's templates for automations."""
