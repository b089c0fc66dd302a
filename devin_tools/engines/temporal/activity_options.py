"""The rules of repeating in the engine's words, and calls that are run again. It needs no engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from ...api.create_session import SessionOptions
from ...api.sessions import Session
from ...flow import SettingName
from ...settings import Settings
from ...tasks.shared.outcomes import judge
from ...tasks.wait_session import WaitOptions
from ...tool import Output, Tool
from ...wire import Request

HEARTBEAT_SECONDS = 15.0
"""Seconds without a heartbeat after which a worker counts as dead."""

FILE_SECONDS = 6 * 3600.0
"""The longest that one file may travel."""


@dataclass(frozen=True, slots=True)
class ActivityOptions:
    """How the engine treats one activity."""

    seconds: float
    """The longest that one attempt may take."""
    is_retried: bool
    """Whether the engine itself repeats it when a worker died in the midst."""
    beat: float = HEARTBEAT_SECONDS


def options_for(request: Request, settings: Mapping[str, Any]) -> ActivityOptions:
    """Choose the terms of a request.

    A read whose worker died is read again by another one. A write may have taken effect: the flow is
    told that the answer was lost, as a client would tell it, and looks before it sends again.
    """
    longest = max(settings["timeout"], settings["max_retry_seconds"]) + settings["connect_timeout"] + 30
    if request.file is not None or type(request) is not Request:
        longest = FILE_SECONDS
    return ActivityOptions(longest, is_retried=request.method == "GET")


def settings_of(settings: Settings) -> dict[str, Any]:
    """Return what a workflow may know of the settings: all but the key."""
    values = {name: getattr(settings, name) for name in get_args(SettingName)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def with_key(call: Tool[Any], key: str, settings: Mapping[str, Any]) -> Tool[Any]:
    """Assign a key of its own to a call that starts sessions, so that running it again adopts them."""
    if not isinstance(call, SessionOptions) or call.idempotency_key is not None:
        return call
    if not call.has_room_for_tag or not settings["tag_creates"]:
        return call
    return call.model_copy(update={"idempotency_key": key})


def with_time_left(call: Tool[Any], elapsed: float) -> Tool[Any]:
    """Return the call of a later run, whose time is what is left of the first one's."""
    if not isinstance(call, WaitOptions) or not elapsed:
        return call
    left = {"timeout_seconds": max(1.0, call.timeout_seconds - elapsed)}
    if call.max_seconds is not None:
        left["max_seconds"] = max(1.0, call.max_seconds - elapsed)
    return call.model_copy(update=left)


def with_total_wait(output: Output, elapsed: float) -> Output:
    """Let an output tell of the time of all runs."""
    waited = getattr(output, "waited_seconds", None)
    if not elapsed or not isinstance(waited, float):
        return output
    return output.model_copy(update={"waited_seconds": round(waited + elapsed, 3)})


def with_creations(output: Output, created: Collection[str]) -> Output:
    """Let an output say of sessions that an earlier run started: created, not adopted."""

    def mended(value: Any) -> Any:
        if isinstance(value, list):
            return [mended(item) for item in value]
        return with_creations(value, created) if isinstance(value, Output) else value

    values = {name: getattr(output, name) for name in output.model_fields_set}
    changed = {name: new for name, old in values.items() if (new := mended(old)) != old}
    if values.get("creation") == "adopted" and values.get("session_id") in created:
        changed["creation"] = "created"
    return output.model_copy(update=changed) if changed else output


def digest(tool: str, arguments: Mapping[str, Any]) -> str:
    """Name a call in a few letters."""
    text = json.dumps([tool, arguments], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def state_of(session: Session) -> str:
    """Return how a session stands, as far as a wait is concerned: a text to compare."""
    verdict = judge(session)
    pulls = len(session.pull_requests)
    return f"{session.status} {session.status_detail} {verdict.outcome if verdict else 'at work'} {pulls}"
