"""What a lost answer of a start means: a scan is never started twice, and a finding is fixed once."""

from __future__ import annotations

from typing import Any

import pytest
from support.driving import Driver, ok
from support.tools import built_in

from devin_tools.api import (
    EnableAutoScan,
    ListCodeScanFindings,
    RemediateEnterpriseFinding,
    RemediateFinding,
    StartCodeScan,
    StartIngestionScan,
    UpdateCodeScanProfile,
)
from devin_tools.errors import (
    Ambiguous,
    Conflict,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    InvalidArguments,
)
from devin_tools.flow import Setting
from devin_tools.wire import Request, Response

LOST: dict[str, Any] = {
    "lost": ConnectionLost("It broke."),
    "503": Response(503, b"{}"),
    "garbled": Response(201, b"<html>Hello</html>"),
    "empty": Response(201),
}
STARTS = (
    StartCodeScan(repo_name="acme/shop"),
    StartIngestionScan(repo_name="acme/shop", profile_id="csprof-1"),
)
FIX = RemediateFinding(scan_id="scan-1", finding_id="finding-2")
FIXED = {"finding_id": "finding-2", "session_id": "4f3a"}
TAKEN = Response(409, b'{"detail": "The finding has a remediation session"}')


@pytest.mark.parametrize("call", STARTS, ids=lambda call: type(call).__name__)
def test_a_scan_whose_start_was_lost_is_looked_for_by_whoever_called(call: Any) -> None:
    driver = Driver([LOST["lost"]])
    with pytest.raises(Ambiguous) as caught:
        driver.run(call.flow())
    assert len(driver.writes) == 1
    assert "List the code scans of this repo_name" in str(caught.value.hint)


def test_a_repetition_whose_answer_was_lost_is_not_asked_for_again() -> None:
    driver = Driver([LOST["503"]])
    with pytest.raises(Ambiguous):
        driver.run(EnableAutoScan(scan_id="scan-1").flow())
    assert len(driver.writes) == 1


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_start_that_was_refused_is_refused(status: int) -> None:
    driver = Driver([Response(status, b"{}")])
    with pytest.raises(Exception) as caught:
        driver.run(STARTS[0].flow())
    assert getattr(caught.value, "status", None) == status and len(driver.writes) == 1


class Findings:
    """The findings of a scan, behind a connection that ends each fix in a given way.

    An end is an answer, and whether the fix began all the same. The list shows that after `hidden` looks.
    """

    def __init__(self, *ends: tuple[Any, bool], hidden: int = 0) -> None:
        self.ends, self.hidden = list(ends), hidden
        self.is_fixed = False
        self.looks = 0
        self.query: list[tuple[str, str]] = []

    def __call__(self, request: Request) -> Any:
        if request.method == "GET":
            return self._list(request)
        if self.is_fixed:
            return TAKEN
        answer, self.is_fixed = self.ends.pop(0) if self.ends else (None, True)
        return answer or ok(FIXED)

    def _list(self, request: Request) -> Any:
        if "c" not in dict(request.query).values():
            self.looks += 1
            self.query = list(request.query)
            first = {"items": [{"finding_id": "finding-1", "session_id": "other"}], "end_cursor": "c"}
            return ok(first | {"has_next_page": True})
        is_seen = self.is_fixed and self.looks > self.hidden
        return ok({"items": [{"finding_id": "finding-2", "session_id": "4f3a" if is_seen else None}]})


@pytest.mark.parametrize("end", LOST.values(), ids=LOST)
def test_a_fix_that_began_after_all_is_adopted(end: Any) -> None:
    api = Findings((end, True))
    driver = Driver(api)
    assert driver.run(FIX.flow()).session_id == "4f3a"
    assert len(driver.writes) == 1 and ("scan_id", "scan-1") in api.query


def test_a_fix_that_did_not_begin_is_asked_for_again() -> None:
    driver = Driver(Findings((LOST["lost"], False)))
    assert driver.run(FIX.flow()).session_id == "4f3a"
    assert len(driver.writes) == 2


def test_a_fix_that_no_list_shows_yet_is_adopted_when_the_api_says_that_there_is_one() -> None:
    driver = Driver(Findings((LOST["lost"], True), hidden=4))
    assert driver.run(FIX.flow()).session_id == "4f3a"
    assert len(driver.writes) == 2


def test_a_fix_that_somebody_else_began_is_refused_with_where_to_find_it() -> None:
    driver = Driver([TAKEN])
    with pytest.raises(Conflict) as caught:
        driver.run(FIX.flow())
    assert "session_id" in str(caught.value.hint) and len(driver.writes) == 1


def test_a_fix_that_cannot_be_looked_for_is_ambiguous() -> None:
    refused = Response(403, b'{"detail": "Missing required permission"}')
    driver = Driver(lambda request: refused if request.method == "GET" else LOST["lost"])
    with pytest.raises(Ambiguous) as caught:
        driver.run(FIX.flow())
    assert isinstance(caught.value.__cause__, Forbidden) and len(driver.writes) == 1


def test_a_fix_that_never_left_is_not_looked_for() -> None:
    driver = Driver([ConnectionFailed("Nobody listens.")])
    with pytest.raises(ConnectionFailed):
        driver.run(FIX.flow())
    assert [step for step in driver.steps if not isinstance(step, Setting)] == driver.writes


def test_the_enterprise_looks_in_its_own_list_at_the_organisation() -> None:
    api = Findings((LOST["lost"], True))
    driver = Driver(api)
    call = RemediateEnterpriseFinding(org_id="org-2", scan_id="scan-1", finding_id="finding-2")
    assert driver.run(call.flow()).session_id == "4f3a"
    paths = {step.path for step in driver.steps if isinstance(step, Request) and step.method == "GET"}
    assert paths == {"/v3/enterprise/code-scans/findings"}
    assert {("scan_id", "scan-1"), ("org_ids", "org-2")} <= set(api.query)


def test_a_change_of_a_profile_that_changes_nothing_is_not_sent() -> None:
    driver = Driver()
    with pytest.raises(InvalidArguments, match="nothing to change"):
        driver.run(UpdateCodeScanProfile(profile_id="csprof-1").flow())
    assert driver.steps == []


def test_empty_text_empties_a_field_of_a_profile() -> None:
    driver = Driver([ok({"profile_id": "csprof-1"})])
    driver.run(UpdateCodeScanProfile(profile_id="csprof-1", remediation_guidance="").flow())
    assert driver.writes[0].body == {"remediation_guidance": ""}


def test_several_severities_are_sent_one_by_one() -> None:
    driver = Driver([ok({"items": []})])
    driver.run(ListCodeScanFindings(severity=["critical", "high"], status=["open"]).flow())
    query = driver.steps[0].query
    assert [value for name, value in query if name == "severity"] == ["critical", "high"]


def test_what_is_paid_for_without_a_limit_says_so() -> None:
    spending = {
        spec.name: str(spec.effect.spending)
        for spec in built_in()
        if "scan" in spec.name and spec.effect.spending
    }
    assert spending["devin_start_code_scan"] == spending["devin_start_enterprise_scan"] == "without a limit"
    again = "again and again by itself, without a limit"
    assert spending["devin_enable_auto_scan"] == spending["devin_enable_enterprise_auto_scan"] == again
