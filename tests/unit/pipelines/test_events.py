"""Several events in one body: each is read for itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.payload_files import FILES, alert_of, readers

from devin_tools.errors import UnreadableEvent
from devin_tools.hookspecs import Reader
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.events import Event, parse, read_event

ONE, OTHER = {"alertName": "A", "colour": "red"}, {"alertName": "B", "colour": "red"}


def events(*bodies: Any) -> Event:
    return read_event({}, json.dumps(bodies).encode(), readers())


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([ONE, OTHER]),
        json.dumps(json.dumps([ONE, OTHER])),
        f"{json.dumps(ONE)}\n\n{json.dumps(OTHER)}\n",
        f"{json.dumps(ONE)}\r\n{json.dumps(OTHER)}",
    ],
)
def test_events_in_a_list_or_on_lines_are_read_one_by_one(body: str) -> None:
    event = read_event({}, body.encode(), readers())
    assert [alert.name for alert in event.alerts] == ["A", "B"] and event.reader == "standard"
    assert event.notes == ("No field is for these, so they are dimensions: colour.",)


def test_what_a_cloudevent_holds_is_read_as_if_it_came_alone() -> None:
    data = json.loads(FILES["datadog/variables"].read_text("utf-8"))
    about = {"specversion": "1.0", "type": "x", "source": "/y", "id": "1"}
    assert events(about | {"data": data}).alerts == (alert_of("datadog/variables"),)
    with pytest.raises(UnreadableEvent, match="no known form"):
        events(about | {"data": "x"})


def test_events_of_a_list_may_be_of_several_senders() -> None:
    names = ["datadog/variables", "pagerduty/triggered", "standard/full"]
    found = events(*(json.loads(FILES[name].read_text("utf-8")) for name in names))
    assert found.alerts == tuple(map(alert_of, names)) and found.reader == "datadog, pagerduty, standard"


def test_one_event_of_a_list_that_cannot_be_read_keeps_none_of_the_others() -> None:
    group = {"groupLabels": {}, "alerts": [{"labels": {"alertname": "C"}}, {}]}
    event = events(ONE, {"name": "?"}, 7, {"alertName": "x", "severity": 9}, group)
    assert [alert.name for alert in event.alerts] == ["A", "C"]
    places = ["[1].alertName", "[2].alertName", "[3].severity", "[4].alerts[1].labels"]
    assert [one["path"] for one in event.unread] == places


def test_a_list_of_which_no_event_can_be_read_is_refused() -> None:
    with pytest.raises(UnreadableEvent, match="alertName is missing"):
        events({"name": "?"}, {})
    assert not events({"event": {"event_type": "pagey.ping"}}).alerts


@pytest.mark.parametrize("count", [501, 1_001])
def test_a_list_of_too_many_events_or_alerts_is_refused(count: int) -> None:
    group = {"groupLabels": {}, "alerts": [{"labels": {"alertname": "C"}}] * 2}
    with pytest.raises(UnreadableEvent, match="more than 1,000 alerts"):
        events(*[group] * count)


def test_a_list_that_a_reader_knows_is_its_own() -> None:
    alert = Alert(name="theirs", source="stranger")
    stranger = Reader("stranger", "A stranger's.", lambda _, body: isinstance(body, list), lambda *_: [alert])
    body = json.dumps([ONE, OTHER]).encode()
    assert read_event({}, body, {**readers(), "stranger": stranger}).alerts == (alert,)


@pytest.mark.parametrize("body", [b'{"a": 1} x', b'{"a": 1}\n{"b"', b'{"a": 1}{"b": 2}', b"{}\n" * 1_001])
def test_lines_that_are_not_all_json_are_not_read(body: bytes) -> None:
    with pytest.raises(UnreadableEvent, match="not JSON: line"):
        parse(body)
