"""Have Devin review a pull request, and wait for its verdict and findings."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_review_pull_request")


class DevinReviewPullRequest(ToolComponent):
    """Have Devin review a pull request, and wait for its verdict and findings."""
