"""List the files given to a session of any organisation or made by it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_attachments")


class DevinListEnterpriseAttachments(ToolComponent):
    """List the files given to a session of any organisation or made by it."""
