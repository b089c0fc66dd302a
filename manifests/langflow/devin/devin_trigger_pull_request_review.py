"""Have a pull request reviewed by comments on it, without waiting for them."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_trigger_pull_request_review")


class DevinTriggerPullRequestReview(ToolComponent):
    """Have a pull request reviewed by comments on it, without waiting for them."""
