"""Whatever comes in: an alert, or one typed error that names a place and repeats nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.laws import for_every
from support.payload_files import FILES, headers_of, names, readers

from devin_tools.errors import PluginError, UnreadableEvent
from devin_tools.hookspecs import Reader
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.events import MAX_BODY, Event, parse, read_event

CANARY = "CANARY-5b1e"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
WRONG = st.one_of(
    JSON, st.sampled_from([None, True, -1, 1e300, 10**40, "", " ", "x" * 30_000, [], {}, [[]], [{}], CANARY])
)

every_file = for_every("name", names)


def read(name: str, value: Any, **more: Any) -> Event | UnreadableEvent:
    """Read a body; return the event, or the error if it is the one allowed."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        return read_event(headers_of(name), body, readers(), **more)
    except UnreadableEvent as error:
        assert error.details == () or all(detail["path"] and detail["reason"] for detail in error.details)
        assert CANARY not in str(error) + str(error.details)
        return error


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the way to each value in a body."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a body with another value in one place."""
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = changed(value[path[0]], path[1:], new)
    return copied


@settings(max_examples=100)
@given(data=st.data(), name=st.sampled_from(names()))
def test_a_body_with_a_wrong_value_somewhere_is_read_or_refused(data: st.DataObject, name: str) -> None:
    body = json.loads(FILES[name].read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        body = changed(body, data.draw(st.sampled_from(list(places(body)))), data.draw(WRONG))
    read(name, body)


@every_file
def test_a_body_without_one_of_its_values_is_read_or_refused(name: str) -> None:
    body = json.loads(FILES[name].read_text(encoding="utf-8"))
    for path in places(body):
        if path and isinstance(path[-1], str):
            parent = body
            for step in path[:-1]:
                parent = parent[step]
            read(name, changed(body, path[:-1], {k: v for k, v in parent.items() if k != path[-1]}))


@every_file
def test_a_truncated_body_is_refused(name: str) -> None:
    body = FILES[name].read_bytes().rstrip()
    for end in range(0, len(body), max(1, len(body) // 97)):
        assert isinstance(read(name, body[:end]), UnreadableEvent)


@given(body=JSON, header=st.sampled_from(["", "github/issues-labeled", "sentry/error"]))
def test_any_json_is_read_or_refused(body: Any, header: str) -> None:
    read(header, body)


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    read("", body)


@settings(max_examples=60)
@given(body=JSON)
def test_any_json_is_read_or_refused_by_each_reader(body: Any) -> None:
    for reader in readers():
        read("", body, reader=reader)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON: line 1"),
        (b"{", "not JSON: line 1"),
        (b"\xff\xfe", "line 1, column 1"),
        (b"[" * 200_000, "nested too deeply"),
        (b"", "It is empty."),
        (b"<?xml version='1.0'?>", "It is XML or HTML."),
        (b"alertName=CPU&severity=1", "It is a form. Choose JSON at the sender. GitHub: Content type"),
        (b'{"alertName": "CPU",}', "quotes and commas of the sender's template"),
        (b'{"alertName": NaN}', "number that JSON does not have"),
        (b'{"alertName": ' + b"9" * 5_000 + b"}", "number that JSON does not have"),
        (b" " * (MAX_BODY + 1), "larger than 1024 KB"),
        (b"[]", "no known form"),
        (b'{"name": "CPU"}', "alertName is missing"),
        (b'{"alertName": " "}', "alertName must not be empty"),
        (b'{"alertName": ["CPU"]}', "alertName must be text"),
        (b'{"alertName": "CPU", "severity": 9}', "severity must be a number from 0"),
        (b'{"alertName": "CPU", "firedTime": "yesterday"}', "firedTime must be a time"),
        (b'{"alertName": "CPU", "line": "first"}', "line must be a whole number"),
        (b'{"alertName": "CPU", "line": 0}', "line does not fit"),
        (b'{"alertName": "CPU", "dimensions": []}', "dimensions must be an object"),
        (b'{"alertName": "CPU", "isResolved": "yes"}', "isResolved must be true or false"),
        (b'{"schemaId": "azureMonitorCommonAlertSchema"}', "data is missing"),
        (b'{"schemaId": "azureMonitorCommonAlertSchema", "data": {}}', "data.essentials is missing"),
        (b'{"alerts": [{"labels": {}}], "groupLabels": {}}', "alerts[0].labels.alertname is missing"),
        (b'{"alerts": [{}], "groupLabels": {}, "orgId": 1}', "alerts[0].labels is missing"),
        (b'{"event": {"event_type": "incident.triggered"}}', "event.data is missing"),
        (b'{"action": "Create", "alert": {"alertId": "1"}}', "alert.message is missing"),
        (b'{"action": "labeled", "issue": {}, "repository": {}}', "repository.full_name is missing"),
        (b'{"event_type": "x", "title": null, "last_updated": 1}', "alert_title is missing"),
        (b'{"rule": {"id": "1"}, "alert": {}}', "rule.name is missing"),
    ],
)
def test_an_error_names_what_is_missing_or_wrong(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableEvent) as caught:
        read_event({}, body, readers())
    assert says in str(caught.value)


def test_an_error_lists_the_forms_that_are_known() -> None:
    with pytest.raises(UnreadableEvent) as caught:
        read_event({}, b"{}", readers())
    assert all(name in caught.value.hint for name in readers())
    with pytest.raises(UnreadableEvent, match="No reader is called 'nagios'"):
        read_event({}, b"{}", readers(), reader="nagios")


def test_an_event_of_too_many_alerts_is_refused() -> None:
    body = {"groupLabels": {}, "alerts": [{"labels": {"alertname": "a"}}] * 1_001}
    assert "more than 1,000 alerts" in str(read("", body))


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def with_a_stranger(reads: Any, give: Any) -> dict[str, Reader]:
    return {**readers(), "stranger": Reader("stranger", "A stranger's.", reads, give)}


def test_the_reader_that_was_given_last_is_asked_first() -> None:
    alert = Alert(name="theirs", source="stranger")
    known = with_a_stranger(
        lambda headers, body: headers.get("x-of") == "theirs", lambda headers, body: [alert]
    )
    body = b'{"alertName": "ours"}'
    assert read_event({"X-Of": "theirs"}, body, known) == Event("stranger", (alert,))
    assert read_event({}, body, known).reader == "standard"


@pytest.mark.parametrize("where", ["reads", "read"])
def test_a_reader_that_fails_is_named_and_its_text_is_not(where: str) -> None:
    def fail(headers: Any, body: Any) -> Any:
        raise KeyError(CANARY)

    known = with_a_stranger(*((fail, None) if where == "reads" else (lambda *_: True, fail)))
    with pytest.raises(PluginError) as caught:
        read_event({}, b"{}", known)
    assert "stranger failed: KeyError" in str(caught.value) and CANARY not in str(caught.value)


@pytest.mark.parametrize("line", [b"two\nlines", b"a\ttab", b'a \\" quote\r\nand a line', b"\\\\\n"])
def test_texts_of_several_lines_that_a_template_put_between_quotes_are_read(line: bytes) -> None:
    body = b'{\n "alertName": "A",\n "description": "%s"\n}' % line
    assert parse(body)["description"] == json.loads(b'"%s"' % line, strict=False)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (rb"process\ call", r"process\ call"),
        (rb"C:\Users\x\\y\u00e9", "C:\\Users\\x\\y\u00e9"),
        (rb"\uZZ \"q\" a" + b"\n", '\\uZZ "q" a\n'),
    ],
)
def test_a_backslash_that_a_template_left_alone_is_read(said: bytes, meant: str) -> None:
    assert parse(b'{"a": "%s"}' % said) == {"a": meant}


@pytest.mark.parametrize("body", [b'{"a": "x\ny}', b'"\n', b'{"a": """x\ny"""}'])
def test_a_string_that_does_not_end_is_no_json(body: bytes) -> None:
    with pytest.raises(UnreadableEvent, match="not JSON: line"):
        parse(body)
