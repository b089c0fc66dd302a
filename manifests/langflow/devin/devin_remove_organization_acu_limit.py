"""Remove the limit of the ACUs that an organisation may spend in a billing cycle."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_organization_acu_limit")


class DevinRemoveOrganizationAcuLimit(ToolComponent):
    """Remove the limit of the ACUs that an organisation may spend in a billing cycle."""
