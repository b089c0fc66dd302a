"""Reviews of pull requests."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, TriggerPullRequestReview

REVIEW = {
    "status": "pending",
    "commit_sha": "0123456789abcdef0123456789abcdef01234567",
    "pr_number": 7,
    "repo_path": "github.com/acme/shop",
    "created_at": "2026-05-08T12:00:00Z",
}
LARGEST: dict[str, Any] = {"ReviewStatus": REVIEW}
SMALLEST: dict[str, Any] = {"ReviewStatus": {}}
UNTRUSTED = {"ReviewStatus": {"repo_path"}}
URL = {"pr_url": "https://github.com/acme/shop/pull/7"}


def furnish(client: Client) -> dict[str, Any]:
    client.run(TriggerPullRequestReview(**URL))
    return {}


def cases() -> Cases:
    yield Case("devin_get_pull_request_review", "none_yet", URL, live=False)
    yield Case("devin_trigger_pull_request_review", "pending", URL, live=False)
    yield Case("devin_get_pull_request_review", "completed", URL, live=False, after=600)
