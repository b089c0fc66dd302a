"""Have several repositories indexed, or the index of each made anew."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_index_repositories")


class DevinIndexRepositories(ToolComponent):
    """Have several repositories indexed, or the index of each made anew."""
