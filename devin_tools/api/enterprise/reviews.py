"""Reviews of pull requests for an enterprise. Facts: docs.devin.ai, and clients of these operations.

No page names the permission.
"""

from __future__ import annotations

from ...wire import GET, POST
from ..reviews import GetPullRequestReview, TriggerPullRequestReview

REVIEWS = "/v3/enterprise/pr-reviews"


class TriggerEnterprisePrReview(TriggerPullRequestReview):
    """Have a pull request reviewed by comments on it, for the enterprise.

    No organisation is named: use this where the key belongs to the enterprise. It is reviewed at its current
    head, which spends ACUs. The API does not say what was found.
    """

    route = POST(REVIEWS)
    keywords = (
        "bot comments on a PR, company key, code review without a team, MR, let the bot look at any team's PR"
    )


class GetEnterprisePrReview(GetPullRequestReview):
    """Read how far a review of a pull request is that the enterprise asked for.

    `not_found` means that nobody has had that commit reviewed: trigger a review.
    """

    route = GET(REVIEWS)
    keywords = (
        "is the company's code review done, status of the bot on a PR, company key, did the bot look at "
        "the PR, without a team"
    )
