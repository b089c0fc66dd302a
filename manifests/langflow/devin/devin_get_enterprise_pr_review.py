"""Read how far a review of a pull request is that the enterprise asked for."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_pr_review")


class DevinGetEnterprisePrReview(ToolComponent):
    """Read how far a review of a pull request is that the enterprise asked for."""
