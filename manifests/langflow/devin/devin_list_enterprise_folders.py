"""List the folders of knowledge notes of the enterprise, all at once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_folders")


class DevinListEnterpriseFolders(ToolComponent):
    """List the folders of knowledge notes of the enterprise, all at once."""
