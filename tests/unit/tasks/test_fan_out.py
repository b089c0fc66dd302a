"""One task for many items: a row for each, within caps, at the price of one list request a look."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.tools import built_in

from devin_tools import Client, Simulator
from devin_tools.errors import InvalidArguments, Refused
from devin_tools.tasks import FannedOut, FanOut

ITEMS = [f"acme/r{number}" for number in range(6)]
BASE: dict[str, Any] = {"prompt": "Upgrade {item}.", "items": ITEMS, "max_acu_total": 60}


def fanned(simulator: Simulator, *, confirm: bool = False, settings: Any = None, **more: Any) -> FannedOut:
    with Client(**simulator.connection(), guards=(), **(settings or {})) as client:
        return client.run(FanOut(**BASE | more), confirm=confirm)


def test_each_item_has_a_session_and_a_row(simulator: Simulator) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    output = fanned(simulator, structured_output_schema=schema)
    assert [row.item for row in output.rows] == ITEMS
    assert {(row.outcome, row.structured_output_status) for row in output.rows} == {("finished", "valid")}
    assert len({row.session_id for row in output.rows}) == len(ITEMS) == len(simulator.world.sessions)
    assert {record.prompt for record in simulator.world.sessions.values()} == {f"Upgrade {i}." for i in ITEMS}
    assert {record.asked["max_acu_limit"] for record in simulator.world.sessions.values()} == {10}
    assert output.counts == {"finished": 6} and output.resume_with is None


def test_no_more_are_at_work_at_once_than_may_be(simulator: Simulator) -> None:
    most = 0
    create = simulator.world.add

    def add(record: Any) -> None:
        nonlocal most
        create(record)
        at_work = [s for s in simulator.world.sessions.values() if s.status_detail != "finished"]
        most = max(most, len(at_work))

    simulator.world.add = add  # type: ignore[method-assign]
    output = fanned(simulator, max_parallel=2)
    assert output.counts == {"finished": 6} and most == 2


def test_looking_costs_list_requests_and_none_for_each_session(simulator: Simulator) -> None:
    fanned(simulator)
    reads = [path for method, path in simulator.requests if method == "GET"]
    assert all(path.endswith("/sessions") for path in reads)
    assert simulator.count("POST", "/sessions") == len(ITEMS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prompt": "No place."}, "without a placeholder"),
        ({"prompt": "Do {item.__class__}."}, "prompt"),
        ({"prompt": "Do {other}."}, "placeholder {other}"),
        ({"prompt": "Do {item"}, "prompt"),
        ({"items": [{"repo": "a"}, {"file": "b"}], "prompt": "{repo}"}, r"items\[1\]"),
        ({"max_sessions": 5}, "max_sessions"),
        ({"max_acu_limit": 11}, "max_acu_total"),
        ({"items": []}, "items"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_anything_is_sent(wrong: Any, said: str) -> None:
    with pytest.raises(InvalidArguments, match=said):
        FanOut(**BASE | wrong)


@pytest.mark.parametrize(
    "items, read",
    [
        ('["a, b", "[T-1] c"]', ["a, b", "[T-1] c"]),
        ('[{"item": "a"}]', [{"item": "a"}]),
        (['{"item": "a, b"}', "{a}", "[T-1] b"], [{"item": "a, b"}, "{a}", "[T-1] b"]),
    ],
)
def test_items_may_be_json_text(items: Any, read: list[Any]) -> None:
    assert FanOut(**BASE | {"prompt": "Do {item}.", "items": items}).items == read


@pytest.mark.parametrize(
    "items", ["a, b", "[a, b]", '["a"', "null", '{"item": "a"}', ['["a"]'], ['["a"', '"b"]']]
)
def test_items_that_nobody_can_read_for_sure_start_nothing(items: Any) -> None:
    with pytest.raises(InvalidArguments, match="items"):
        FanOut(**BASE | {"prompt": "Do {item}.", "items": items})


@pytest.mark.parametrize("value", ["undefined", "null", " None ", "NaN", "[object Object]", "a\0e5b"])
def test_a_word_for_nothing_in_a_row_starts_nothing(value: str) -> None:
    for items in ([{"repo": "a"}, {"repo": value}], f'[{{"repo": {json.dumps(value)}}}]'):
        with pytest.raises(InvalidArguments, match=r"items\[\d\].*repo"):
            FanOut(**BASE | {"prompt": "Do {repo}.", "items": items})
    assert FanOut(**BASE | {"prompt": "Do {repo}.", "items": [{"repo": ""}]}).items == [{"repo": ""}]


def test_values_fill_a_template_as_they_are(simulator: Simulator) -> None:
    items = [{"a": "{b}", "b": 2}, {"a": "x", "b": True}]
    fanned(simulator, prompt="{{{a}}} and {b}", items=items)
    assert [r.prompt for r in simulator.world.sessions.values()] == ["{{b}} and 2", "{x} and true"]


def test_slices_go_on_with_the_same_sessions_until_all_have_settled(simulator: Simulator) -> None:
    output = first = fanned(simulator, max_seconds=10)
    assert first.counts == {"still_running": 6}
    catalog = built_in()
    with Client(**simulator.connection(), guards=()) as client:
        while output.resume_with is not None:
            output = client.run(catalog.call(output.resume_with.name, output.resume_with.arguments))
    assert [row.session_id for row in output.rows] == [row.session_id for row in first.rows]
    assert {row.creation for row in output.rows} == {"adopted"}
    assert output.counts == {"finished": 6} and len(simulator.world.sessions) == 6


def test_slices_shorter_than_a_settled_state_must_hold_start_every_item(simulator: Simulator) -> None:
    output = fanned(simulator, items=ITEMS[:3], max_parallel=1, max_seconds=2, settle_seconds=5)
    catalog = built_in()
    with Client(**simulator.connection(), guards=()) as client:
        for _ in range(600):
            if output.resume_with is None:
                break
            output = client.run(catalog.call(output.resume_with.name, output.resume_with.arguments))
    assert output.counts == {"finished": 3} and len(simulator.world.sessions) == 3


@pytest.mark.parametrize(
    ("scenario", "requires", "outcome", "certainty"),
    [
        ("finishes", False, "finished", "likely"),
        ("finishes", True, "finished", "likely"),
        ("sleeps", False, "asleep", "likely"),
        ("asks", False, "asleep", "likely"),
        ("delegates", True, "asleep", "sure"),
    ],
)
def test_what_had_finished_is_finished_when_it_sleeps_for_no_request_more(
    simulator: Simulator, scenario: str, requires: bool, outcome: str, certainty: str
) -> None:
    schema = {"type": "object"} if requires else None
    more: dict[str, Any] = {
        "prompt": f"Upgrade {{item}}. #simulate:{scenario}", "idempotency_key": "night",
        "structured_output_schema": schema,
    }  # fmt: skip
    fanned(simulator, **more)
    simulator.clock.step(7200)
    before = len(simulator.requests)
    output = fanned(simulator, **more)
    assert {(row.outcome, row.certainty) for row in output.rows} == {(outcome, certainty)}
    assert {path.rpartition("/")[2] for _, path in simulator.requests[before:]} == {"sessions"}
    assert len(simulator.requests) - before <= 4


def test_an_item_that_cannot_be_started_stops_no_other(simulator: Simulator) -> None:
    output = fanned(simulator, items=["a", "#simulate:nothing", "c"])
    assert [row.outcome for row in output.rows] == ["finished", "not_created", "finished"]
    assert output.rows[1].error is not None and output.rows[1].error.kind == "bad_request"


def test_rules_hold_for_each_session(simulator: Simulator) -> None:
    with pytest.raises(Refused):
        fanned(simulator, settings={"confirm": True})
    with pytest.raises(Refused):
        fanned(simulator, settings={"read_only": True})
    assert not simulator.world.sessions
    output = fanned(simulator, settings={"max_sessions": 4})
    assert output.counts == {"finished": 4, "not_created": 2} and len(simulator.world.sessions) == 4


def test_without_room_for_tags_nothing_is_started(simulator: Simulator) -> None:
    with pytest.raises(InvalidArguments, match="tags"):
        fanned(simulator, settings={"tag_creates": False})
    assert not simulator.world.sessions
