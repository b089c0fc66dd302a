"""Changes of organisations say what they change, and groups of them are merged where that is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from support.driving import Driver, ok

from devin_tools import Client
from devin_tools.api import CreateOrganization, GetGroupLimits, ReplaceGroupLimits, UpdateOrganization
from devin_tools.errors import InvalidArguments, UnexpectedResponse

ORG: Any = {"org_id": "org-1"}


def replacing(groups: Any, **more: bool) -> ReplaceGroupLimits:
    return ReplaceGroupLimits(groups=groups, **more)


def sent(call: Any, *answers: Any) -> list[tuple[str, Any]]:
    """Return verb and body of the requests that a call sends."""
    driver = Driver([ok(answer) for answer in answers])
    driver.run(call.flow())
    return [(request.method, request.body) for request in driver.requests]


def test_a_limit_is_removed_by_null_and_what_is_not_named_is_not_sent() -> None:
    call = UpdateOrganization(**ORG, name="Research", clear=["max_session_acu_limit"])
    assert sent(call, ORG) == [("PATCH", {"name": "Research", "max_session_acu_limit": None})]
    assert sent(UpdateOrganization(**ORG, max_cycle_acu_limit=0), ORG) == [
        ("PATCH", {"max_cycle_acu_limit": 0})
    ]


@pytest.mark.parametrize(
    "fields", [{}, {"max_cycle_acu_limit": 5, "clear": ["max_cycle_acu_limit"]}], ids=["nothing", "both"]
)
def test_a_change_of_nothing_and_one_in_two_ways_are_refused(fields: Any) -> None:
    with pytest.raises(InvalidArguments):
        sent(UpdateOrganization(**ORG, **fields), ORG)


@pytest.mark.parametrize("field", ["max_session_acu_limit", "max_cycle_acu_limit"])
def test_a_limit_below_zero_is_refused(field: str) -> None:
    with pytest.raises(InvalidArguments, match=field):
        CreateOrganization.model_validate({"name": "Research", field: -1})


def test_groups_are_replaced_as_they_are_named() -> None:
    groups: Any = {"a": {"org_ids": ["org-1", "org-2", "org-1"], "max_cycle_acus": 5}, "b": {"org_ids": []}}
    once = {"a": {"org_ids": ["org-1", "org-2"], "max_cycle_acus": 5}, "b": {"org_ids": []}}
    assert sent(replacing(groups), {"groups": once}) == [("PUT", {"groups": once})]


def test_others_are_kept_as_they_came_and_a_named_group_is_replaced_whole() -> None:
    there = {
        "a": {"org_ids": ["org-1"], "max_cycle_acus": 5},
        "b": {"org_ids": ["org-2"], "max_cycle_acus": None, "colour": "red"},
    }
    call = replacing({"a": {"org_ids": ["org-3"]}}, keep_others=True)
    written = {"groups": {"b": there["b"], "a": {"org_ids": ["org-3"]}}}
    assert sent(call, {"groups": there}, written) == [("GET", None), ("PUT", written)]


def test_a_group_whose_text_cannot_be_encoded_is_not_written_back() -> None:
    there = {"groups": {"a.b": {"org_ids": ["org-\ud800"]}, "a": {"org_ids": ["org-\ud800"]}}}
    with pytest.raises(UnexpectedResponse, match=r"Nothing was written: a\.b cannot"):
        sent(replacing({"a": {"org_ids": []}}, keep_others=True), there)
    both = {"groups": {"a": {"org_ids": []}, "a.b": {"org_ids": []}}}
    assert sent(replacing(both["groups"], keep_others=True), there, both)[-1] == ("PUT", both)


def test_the_output_names_the_groups_that_were_kept(client: Client) -> None:
    org_id = client.run(CreateOrganization(name="Research")).org_id
    first = client.run(replacing({"a": {"org_ids": [org_id], "max_cycle_acus": 5}}))
    assert (list(first.groups), first.kept) == (["a"], [])
    second = client.run(replacing({"b": {"org_ids": []}}, keep_others=True))
    assert (sorted(second.groups), second.kept) == (["a", "b"], ["a"])
    client.run(replacing({"b": {"org_ids": []}}))
    assert list(client.run(GetGroupLimits()).groups) == ["b"]
