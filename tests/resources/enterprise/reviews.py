"""Reviews of pull requests that an enterprise asks for."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, TriggerEnterprisePrReview

URL = {"pr_url": "https://github.com/acme/shop/pull/7"}


def furnish(client: Client) -> dict[str, Any]:
    client.run(TriggerEnterprisePrReview(**URL))
    return {}


def cases() -> Cases:
    yield Case("devin_get_enterprise_pr_review", "none_yet", URL, live=False)
    yield Case("devin_trigger_enterprise_pr_review", "pending", URL, live=False)
    no_pull_request = {"pr_url": "https://github.com/acme/shop/issues/7"}
    yield Case("devin_trigger_enterprise_pr_review", "no_pull_request", no_pull_request, live=False)
    yield Case("devin_get_enterprise_pr_review", "completed", URL, live=False, after=600)
