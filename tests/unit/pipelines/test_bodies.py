"""The JSON of an event, in whatever it comes wrapped."""

from __future__ import annotations

import gzip
import json
import zlib
from urllib.parse import quote_plus

import pytest
from support.payload_files import FILES, alert_of, readers

from devin_tools.errors import UnreadableEvent
from devin_tools.pipelines.bodies import MAX_BODY, content_of, form_field, is_json
from devin_tools.pipelines.events import read_event

BODY = b'{"alertName": "A + b & c"}'
FORM = b"x=1&payload=" + quote_plus(BODY).encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        ({"content-encoding": "gzip"}, gzip.compress(BODY, mtime=0)),
        ({}, gzip.compress(BODY, mtime=0)),
        ({"content-encoding": "gzip"}, gzip.compress(BODY[:9], mtime=0) + gzip.compress(BODY[9:], mtime=0)),
        ({"content-encoding": "gzip"}, BODY),
        ({"content-encoding": "deflate"}, zlib.compress(BODY)),
        ({"content-encoding": "deflate"}, zlib.compress(BODY, wbits=-15)),
        ({"content-encoding": "identity"}, BODY),
        ({"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, FORM),
        ({}, FORM.removeprefix(b"x=1&")),
        ({"content-type": "application/x-www-form-urlencoded"}, gzip.compress(FORM, mtime=0)),
    ],
)
def test_a_body_is_taken_out_of_what_it_comes_in(headers: dict[str, str], body: bytes) -> None:
    assert content_of(headers, body) == BODY
    assert read_event(headers, body, readers()).alerts[0].name == "A + b & c"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (gzip.compress(b" " * (MAX_BODY + 1), mtime=0), "larger than 1024 KB"),
        (gzip.compress(BODY, mtime=0)[:-9], "ends early"),
        (b"x" + BODY, "not gzip"),
        (gzip.compress(b" " * MAX_BODY, mtime=0) + gzip.compress(BODY, mtime=0), "larger than 1024 KB"),
        (gzip.compress(b"", mtime=0) * 65, "more than 64 parts"),
    ],
)
def test_a_compressed_body_is_bounded_and_whole(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableEvent, match=says):
        content_of({"content-encoding": "gzip"}, body)


def test_a_form_without_an_event_has_none() -> None:
    assert form_field(b"a=1&b=2") == form_field(b"payload=") == b""


@pytest.mark.parametrize(
    ("said", "encoded"),
    [
        ("utf-8", "utf-8"), ("ISO-8859-1", "cp1252"), ('"Shift_JIS"', "shift_jis"),
        ("windows-1252", "cp1252"), ("ISO-8859-1", "utf-8"), ("us-ascii", "utf-8"), ("no-such", "utf-8"),
        ("utf-16le", "utf-16-le"), ("iso-8859-1", "utf-16"),
    ],
)  # fmt: skip
def test_text_is_read_in_the_charset_that_it_is_said_to_be_in(said: str, encoded: str) -> None:
    name = "caf\u00e9" if encoded == "cp1252" else "\u8b66\u544a"
    headers = {"content-type": f"application/json; charset={said}"}
    [alert] = read_event(headers, f'{{"alertName": "{name}"}}'.encode(encoded), readers()).alerts
    assert alert.name == name


def test_a_charset_that_is_no_charset_of_text_changes_nothing() -> None:
    headers = {"content-type": "application/json; charset=rot13"}
    assert content_of(headers, b"\xff") == content_of({"content-type": "x; charset=?"}, b"\xff") == b"\xff"


def test_githubs_form_is_read_as_its_json_is() -> None:
    name = "github/issues-labeled"
    form = b"payload=" + quote_plus(json.dumps(json.loads(FILES[name].read_text("utf-8")))).encode()
    assert read_event({"X-GitHub-Event": "issues"}, form, readers()).alerts == (alert_of(name),)


def test_what_is_called_json_is_no_type_that_a_page_can_send_unasked() -> None:
    assert all(map(is_json, ("application/json", "application/cloudevents+json", "application/x-ndjson")))
    assert not any(map(is_json, ("text/plain", "text/x+json", "application/x-www-form-urlencoded", "")))
