"""Logs: one line for each request, and no key in any of them."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import httpx
import pytest
from support.laws import for_every

from devin_tools.api import CreateSession, GetSession, SendMessage, SessionSecret
from devin_tools.errors import DevinToolsError
from devin_tools.security.redaction import Redactor, redacted

KEYS = [
    "cog_CANARY0123456789",
    "apk_CANARY0123456789",
    "apk_user_CANARY0123456789",
    "cog_CANARY-with.odd=chars+and/more_",
]
LINE = re.compile(
    r"(?P<tool>devin_\w+): (?P<method>[A-Z]+) /v3/\S+ -> "
    r"(?P<end>\d+ in \d+\.\d{3} s|\w+), try (?P<try>\d+)"
)


AROUND = ["{}", "key={}", "'{}',", "Authorization: Bearer {}", "https://x/?k={}&y=1"]


@for_every("key, around", lambda: product(KEYS, AROUND))
def test_keys_are_taken_out_of_any_text(key: str, around: str) -> None:
    text = redacted(around.format(key))
    assert "CANARY" not in text and "(redacted)" in text


def test_any_bearer_token_is_taken_out() -> None:
    assert redacted("Bearer CANARY.x-y and more") == "Bearer (redacted) and more"


@pytest.mark.parametrize("text", ["", "nothing secret", "incognito_mode", "the cog turns", "cog_", "a_cog_b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


@pytest.fixture
def logger() -> Any:
    """Return a logger that writes through a redactor, and what it wrote."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Redactor())
    logger = logging.Logger("anything")
    logger.addHandler(handler)
    return logger, out


def test_the_message_its_arguments_and_its_traceback_are_redacted(logger: Any) -> None:
    log, out = logger
    log.info("message cog_CANARY1")
    log.info("argument %s and %d", "cog_CANARY2", 7)
    log.info("named %(key)s", {"key": "cog_CANARY3"})
    try:
        raise ValueError("cog_CANARY4")
    except ValueError:
        log.exception("traceback")
    text = out.getvalue()
    assert "CANARY" not in text and text.count("(redacted)") == 5
    assert "and 7" in text and text.endswith('raise ValueError("(redacted)")\nValueError: (redacted)\n')


def test_records_without_secrets_pass_unchanged(logger: Any) -> None:
    log, out = logger
    log.info("100%")
    log.info("%s of %d", "one", 2)
    assert out.getvalue() == "100%\none of 2\n"


def test_a_record_that_cannot_be_formatted_harms_nobody(logger: Any, capsys: Any) -> None:
    log, out = logger
    log.info("%d", "no number, cog_CANARY")
    assert out.getvalue() == "(a log record that cannot be formatted)\n"
    assert "CANARY" not in "".join(capsys.readouterr())


def lines(caplog: Any) -> list[Any]:
    """Return the parsed lines of this package's log, each of which must have the one form."""
    ours = [record for record in caplog.records if record.name == "devin_tools"]
    assert {record.levelno for record in ours} <= {logging.INFO}
    found = [LINE.fullmatch(record.getMessage()) for record in ours]
    assert all(found), [record.getMessage() for record in ours]
    return found


def test_each_request_leaves_one_line_with_tool_status_time_and_try(
    run: Callable[..., Any], caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    found = httpx.Response(200, json={"session_id": "a"})
    answers = iter([httpx.Response(503, json={}), httpx.ReadTimeout("late"), found])

    def answer(request: httpx.Request) -> httpx.Response:
        got = next(answers)
        if isinstance(got, Exception):
            raise got
        return got

    run(answer, GetSession(session_id="abc"))
    assert {(line["tool"], line["method"]) for line in lines(caplog)} == {("devin_get_session", "GET")}
    seen = [(line["end"].partition(" ")[0], line["try"]) for line in lines(caplog)]
    assert seen == [("503", "1"), ("ReadTimeout", "2"), ("200", "3")]


def test_requests_inside_another_call_name_their_own_tool(run: Callable[..., Any], caplog: Any) -> None:
    caplog.set_level(logging.INFO, logger="devin_tools")
    answers = iter([httpx.Response(500, json={}), *[httpx.Response(400, json={})] * 9])
    with pytest.raises(DevinToolsError):
        run(lambda request: next(answers), CreateSession(prompt="x"))
    assert [line["tool"] for line in lines(caplog)][:2] == ["devin_create_session", "devin_list_sessions"]


def test_no_line_holds_a_body_a_query_or_a_key(run: Callable[..., Any], caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    secret = SessionSecret(key="K", value="CANARY-secret")
    calls = [
        CreateSession(prompt="CANARY-prompt", session_secrets=[secret], idempotency_key="CANARY-id"),
        SendMessage(session_id="abc", message="CANARY-message"),
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        body = {"items": []} if request.method == "GET" else {"session_id": "a", "title": "CANARY-title"}
        return httpx.Response(200, json=body)

    for call in calls:
        run(answer, call, api_key="cog_CANARY")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name == "devin_tools")
    assert "CANARY" not in ours and "?" not in ours and len(lines(caplog)) == 4
    assert "CANARY" not in caplog.text
