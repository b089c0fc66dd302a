"""Set the most ACUs that an organisation may spend in a billing cycle."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_set_organization_acu_limit")


class DevinSetOrganizationAcuLimit(ToolComponent):
    """Set the most ACUs that an organisation may spend in a billing cycle."""
