"""Read how far the review of a pull request is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_pull_request_review")


class DevinGetPullRequestReview(ToolComponent):
    """Read how far the review of a pull request is."""
