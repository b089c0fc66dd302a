"""List what broke a guardrail in the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_guardrail_violations")


class DevinListGuardrailViolations(ToolComponent):
    """List what broke a guardrail in the enterprise, one page per call."""
