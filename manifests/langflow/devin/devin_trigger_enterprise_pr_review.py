"""Have a pull request reviewed by comments on it, for the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_trigger_enterprise_pr_review")


class DevinTriggerEnterprisePrReview(ToolComponent):
    """Have a pull request reviewed by comments on it, for the enterprise."""
