"""Reviews that the enterprise asks for are its own."""

from __future__ import annotations

import pytest

from devin_tools import Client, Simulator
from devin_tools.api import (
    GetEnterprisePrReview,
    GetPullRequestReview,
    TriggerEnterprisePrReview,
    TriggerPullRequestReview,
)
from devin_tools.errors import NotFound

URL = {"pr_url": "https://github.com/acme/shop/pull/7"}


def test_a_review_of_the_enterprise_goes_its_way_and_is_not_an_organisation_s(
    simulator: Simulator, client: Client
) -> None:
    client.run(TriggerPullRequestReview(pr_url="https://github.com/acme/shop/pull/8"))
    with pytest.raises(NotFound):
        client.run(GetEnterprisePrReview(pr_url="https://github.com/acme/shop/pull/8"))
    review = client.run(TriggerEnterprisePrReview(**URL))
    assert (review.status, review.pr_number) == ("pending", 7)
    with pytest.raises(NotFound):
        client.run(GetPullRequestReview(**URL))
    simulator.clock.step(600)
    assert client.run(GetEnterprisePrReview(**URL)).status == "completed"
