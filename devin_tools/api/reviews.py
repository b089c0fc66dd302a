"""Reviews of pull requests. Facts: docs.devin.ai, pull-request reviews (since May 2026)."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ..tool import WRITE, Example, Input, Output, Spending, Tool
from ..wire import GET, POST
from .shared.fields import Matching, Untrusted, known

REVIEWS = "/v3/organizations/{org_id}/pr-reviews"
PERMISSION = "UseReviewManual"

PullRequestUrl = Annotated[str, Matching(r"^https://[^\s?#]{3,2000}$")]


class ReviewStatus(Output):
    """A review of a pull request at one commit. Its findings are comments on the pull request itself."""

    status: Annotated[str, known("pending", "running", "completed", "errored", "cancelled")] | None = None
    """How far it is."""

    commit_sha: str | None = None
    """The commit that is reviewed."""

    pr_number: int | None = None
    """The number of the pull request."""

    repo_path: Untrusted | None = None
    """Its repository with the host, as `github.com/owner/repo`."""

    created_at: str | None = None
    """When the review was triggered, as ISO 8601."""


class _OfPullRequest(Input):
    pr_url: Annotated[PullRequestUrl, Example("https://github.com/acme/shop/pull/7")]
    """The whole URL of the pull or merge request."""


class TriggerPullRequestReview(_OfPullRequest, Tool[ReviewStatus]):
    """Have a pull request reviewed by comments on it, without waiting for them.

    It is reviewed at its current head, which spends ACUs. The API does not say what was found.
    """

    route = POST(REVIEWS, permission=PERMISSION)
    effect = WRITE.billable(Spending(starts="one"))
    keywords = (
        "let the bot comment on my PR, leave remarks on GitHub, MR, diff, start code review in the "
        "background, re-review after new commits, look over the change, kick off, have the bot look at "
        "it, comments on GitHub, auto review"
    )


class GetPullRequestReview(_OfPullRequest, Tool[ReviewStatus]):
    """Read how far the review of a pull request is.

    `not_found` means that nobody has had that commit reviewed: trigger a review.
    """

    route = GET(REVIEWS, permission=PERMISSION)
    keywords = (
        "is the code review done, status of the bot on my PR, did it look at the latest commit, MR, "
        "review still pending"
    )

    commit_sha: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{4,64}$")] | None = None
    """The review of this commit, in full or short. Left out: of the current head."""
