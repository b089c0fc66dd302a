"""What each recipe needs: the framework, the `mcp` it works with, and what it does not ask for itself."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RECIPES", "Recipe"]


@dataclass(frozen=True)
class Recipe:
    """What is installed for a recipe."""

    framework: str
    mcp: str
    also: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The framework's name on the package index."""
        return self.framework.partition("[")[0]

    @property
    def requirements(self) -> list[str]:
        """What pip installs besides this package."""
        return [self.framework, self.mcp, *self.also]


RECIPES = {
    "agent_framework": Recipe("agent-framework-core", "mcp>=2,<3", ("tenacity",)),
    "ag2": Recipe("ag2[mcp]", "mcp>=2,<3"),
    "smolagents": Recipe("smolagents[mcp]", "mcp<2", ("websockets",)),
    "agno": Recipe("agno[mcp]", "mcp>=2,<3"),
    "strands": Recipe("strands-agents", "mcp<2.2"),
    "google_adk": Recipe("google-adk", "mcp<3"),
    "haystack": Recipe("haystack-ai", "mcp<3", ("mcp-haystack",)),
    "dspy": Recipe("dspy", "mcp<3"),
    "semantic_kernel": Recipe("semantic-kernel[mcp]", "mcp<2"),
}
