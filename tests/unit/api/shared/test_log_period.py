"""What the API would refuse of a log's bounds is refused before it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from support.driving import Driver, ok

from devin_tools.api import ListAuditLogs, ListGuardrailViolations, ListOrganizationAuditLogs
from devin_tools.errors import InvalidArguments

DAY = 86_400
AT = 1_767_225_600
PAGE = {"items": [], "end_cursor": None, "has_next_page": False, "total": 0}
BOTH = (ListAuditLogs(), ListGuardrailViolations(), ListOrganizationAuditLogs(org_id="org-1"))


@pytest.mark.parametrize("call", BOTH)
@pytest.mark.parametrize(
    ("bounds", "word"),
    [
        ({"time_before": AT}, "wants time_after"),
        ({"time_after": AT, "time_before": AT - 1}, "before time_after"),
        ({"time_after": AT, "time_before": AT + 100 * DAY + 1}, "100 days"),
    ],
)
def test_bounds_that_the_api_refuses_are_never_sent(call: Any, bounds: dict[str, int], word: str) -> None:
    driver = Driver()
    with pytest.raises(InvalidArguments, match=word) as refused:
        driver.run(call.model_copy(update=bounds).flow())
    assert driver.steps == []
    assert [item["path"] for item in refused.value.details] == ["time_before"]


@pytest.mark.parametrize("call", BOTH)
@pytest.mark.parametrize(
    "bounds", [{}, {"time_after": AT}, {"time_after": AT, "time_before": AT + 100 * DAY}]
)
def test_others_are_sent_as_they_are(call: Any, bounds: dict[str, int]) -> None:
    driver = Driver([ok(PAGE)])
    assert driver.run(call.model_copy(update=bounds).flow()).items == []
    (request,) = driver.requests
    assert dict(request.query) == {name: str(value) for name, value in bounds.items()}
