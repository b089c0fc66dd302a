"""Reviews that the enterprise asks for: an organisation does not see them among its own."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import reviews
from ...world import World
from .. import reviews as of_organizations


def trigger(world: World, call: reviews.TriggerEnterprisePrReview) -> dict[str, Any]:
    """Begin a review of the head."""
    return of_organizations.trigger(world, call)


def get(world: World, call: reviews.GetEnterprisePrReview) -> dict[str, Any]:
    """Return a review."""
    return of_organizations.get(world, call)
