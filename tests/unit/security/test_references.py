"""Secrets by reference: resolved when they are sent and not before, refused when they are not there."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.laws import for_every

from devin_tools.api import CreateSession, SessionSecret
from devin_tools.errors import MissingSetting
from devin_tools.security.references import MAX_SECRET, resolved
from devin_tools.tasks import RunTask

PLAIN = ["", "plain", "env", "env:", "env:not a name", "env:1x", "file", "file:", "environment:X", "ENV:X"]


class Api:
    """Keeps the secrets that arrive; the first answers are faults."""

    def __init__(self, *faults: Any) -> None:
        self.faults = list(faults)
        self.requests: list[httpx.Request] = []
        self.values: list[list[str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "GET":
            return httpx.Response(200, json={"items": []})
        self.values.append([item["value"] for item in json.loads(request.content)["session_secrets"]])
        return self.faults.pop(0) if self.faults else httpx.Response(200, json={"session_id": "abc"})


def create(*values: str, **options: Any) -> CreateSession:
    secrets = [SessionSecret(key=f"K{n}", value=value) for n, value in enumerate(values)]
    return CreateSession(prompt="x", session_secrets=secrets, **options)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of secrets, beside one in the environment."""
    monkeypatch.setenv("MY_SECRET", "CANARY-environment")
    (tmp_path / "secret.txt").write_text("CANARY-file\n", encoding="utf-8")
    return tmp_path


def test_references_are_resolved_when_they_are_sent(run: Callable[..., Any], folder: Path) -> None:
    api = Api()
    call = create("env:MY_SECRET", f"file:{folder / 'secret.txt'}", "CANARY-plain")
    run(api, call)
    assert api.values == [["CANARY-environment", "CANARY-file", "CANARY-plain"]]
    assert "CANARY" not in repr(call) + str(call) + call.model_dump_json()


@pytest.mark.parametrize("value", ["", "x" * (MAX_SECRET + 1)])
def test_a_variable_that_no_secret_can_be_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MY_SECRET", value)
    with pytest.raises(MissingSetting, match="MY_SECRET is empty or holds more"):
        resolved("env:MY_SECRET")


def test_a_call_holds_the_reference_and_not_what_it_stands_for(
    run: Callable[..., Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api()
    call = create("env:MY_SECRET")
    run(api, call)
    monkeypatch.setenv("MY_SECRET", "CANARY-rotated")
    run(api, call)
    assert api.values == [["CANARY-environment"], ["CANARY-rotated"]]


def test_each_try_sends_the_same_secret(run: Callable[..., Any], folder: Path) -> None:
    api = Api(httpx.Response(429, json={}), httpx.Response(500, json={}))
    run(api, create("env:MY_SECRET"))
    assert api.values == [["CANARY-environment"]] * 3


@for_every("value", lambda: PLAIN)
def test_other_text_stands_for_itself(value: str) -> None:
    assert resolved(value) == value


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a\n", "a"),
        ("a\r\n\n", "a"),
        ("a\nb", "a\nb"),
        (" a ", " a "),
        ("Grüße", "Grüße"),
        ("x" * MAX_SECRET + "\n", "x" * MAX_SECRET),
    ],
)
def test_a_file_gives_its_text_without_the_last_line_breaks(tmp_path: Path, content: str, text: str) -> None:
    (tmp_path / "f").write_bytes(content.encode())
    assert resolved(f"file:{tmp_path / 'f'}") == text


def unusable(folder: Path) -> list[str]:
    (folder / "empty").write_text("\n")
    (folder / "binary").write_bytes(b"CANARY\xff\xfe")
    (folder / "long").write_text("CANARY" * MAX_SECRET)
    names = ("none", "empty", "binary", "long", ".", "a\0b")
    return ["env:NO_SUCH_VARIABLE", *(f"file:{folder / name}" for name in names)]


@for_every("number", lambda: range(7))
def test_what_is_not_there_is_refused_before_anything_is_sent_and_shows_nothing(
    run: Callable[..., Any], folder: Path, number: int
) -> None:
    api, reference = Api(), unusable(folder)[number]
    with pytest.raises(MissingSetting) as caught:
        run(api, create("env:MY_SECRET", reference))
    assert api.requests == []
    error = caught.value
    shown = repr(error.as_dict()) + "".join(traceback.format_exception(error))
    assert "CANARY" not in shown and error.tool == "devin_create_session"
    assert reference.partition(":")[2].partition("\0")[0] in str(error)


@pytest.mark.parametrize("call", [RunTask(prompt="x"), CreateSession(prompt="x", idempotency_key="k")])
def test_what_is_not_there_stops_every_create(run: Callable[..., Any], call: Any) -> None:
    api = Api()
    secrets = [SessionSecret(key="K", value="env:NO_SUCH_VARIABLE")]
    with pytest.raises(MissingSetting, match="NO_SUCH_VARIABLE"):
        run(api, call.model_copy(update={"session_secrets": secrets}))
    assert api.values == []


def test_a_prompt_is_never_taken_for_a_reference(run: Callable[..., Any], folder: Path) -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"session_id": "abc"})

    run(answer, CreateSession(prompt="env:MY_SECRET", title=f"file:{folder / 'secret.txt'}"))
    assert sent[0]["prompt"] == "env:MY_SECRET" and "CANARY" not in json.dumps(sent)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_windows_wrote_holds_the_secret_alone(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "secret").write_bytes("s3cret\r\n".encode(encoding))
    assert resolved(f"file:{tmp_path / 'secret'}") == "s3cret"
