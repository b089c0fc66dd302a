"""Reviews: pending, then running, then completed."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ...api import reviews
from ...api.shared.times import iso
from ..measures import REVIEW_PENDING_SECONDS, REVIEW_RUNNING_SECONDS, REVIEWS
from ..refusal import Refusal
from ..world import World

PULL_REQUEST = re.compile(r"https://([^/]+/.+?)(?:/-)?/(?:pull|pulls|merge_requests|pull-requests)/(\d+)/?")


def _place(pr_url: str) -> tuple[str, int]:
    match = PULL_REQUEST.fullmatch(pr_url)
    if match is None:
        raise Refusal(400, "pr_url is not the URL of a pull request")
    return match[1], int(match[2])


def _to_wire(world: World, review: dict[str, Any]) -> dict[str, Any]:
    age = world.now - review["triggered_at"]
    steps = {"pending": REVIEW_PENDING_SECONDS, "running": REVIEW_PENDING_SECONDS + REVIEW_RUNNING_SECONDS}
    status = next((name for name, end in steps.items() if age < end), "completed")
    shown = {name: value for name, value in review.items() if name != "triggered_at"}
    return shown | {"status": status, "created_at": iso(review["triggered_at"])}


def trigger(world: World, call: reviews.TriggerPullRequestReview) -> dict[str, Any]:
    """Begin a review of the head, whose commit follows from the URL here."""
    repo_path, number = _place(call.pr_url)
    sha = hashlib.sha256(call.pr_url.rstrip("/").encode()).hexdigest()[:40]
    review = {"repo_path": repo_path, "pr_number": number, "commit_sha": sha, "triggered_at": world.now}
    return _to_wire(world, world.store(REVIEWS).add(f"{repo_path}#{number}", review))


def get(world: World, call: reviews.GetPullRequestReview) -> dict[str, Any]:
    """Return a review; there is none of another commit than the head."""
    repo_path, number = _place(call.pr_url)
    review = world.store(REVIEWS).find(f"{repo_path}#{number}")
    if call.commit_sha is not None and not review["commit_sha"].startswith(call.commit_sha.lower()):
        raise Refusal(404, "Review not found")
    return _to_wire(world, review)
