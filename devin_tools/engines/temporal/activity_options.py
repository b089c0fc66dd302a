"""Timeouts and retry policies of activities, and calls of later runs. Imports nothing of Temporal's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from ...api.create_session import SessionOptions
from ...api.session import Session
from ...flow import SettingName
from ...settings import Settings
from ...tasks.shared.outcomes import judge
from ...tasks.wait_session import WaitOptions
from ...tool import Output, Tool
from ...wire import Request

HEARTBEAT_SECONDS = 15.0
"""Seconds without a heartbeat after which a worker counts as dead."""

FILE_SECONDS = 6 * 3600.0
"""The longest that the transfer of one file may take."""


@dataclass(frozen=True, slots=True)
class ActivityOptions:
    """How Temporal runs one activity."""

    seconds: float
    """The longest that one attempt may take."""
    is_retried: bool
    """Whether the server makes another attempt when a worker died during this one."""


LOCAL_OPTIONS = ActivityOptions(600.0, is_retried=True)
"""The options of an activity that sends no request. It may take long: guards are somebody's own code."""


def options_for(request: Request, settings: Mapping[str, Any]) -> ActivityOptions:
    """Return the options of the activity that sends a request.

    A read whose worker died is read again by another one. A write may have taken effect: the flow gets a
    lost connection, as from a client, and looks for what it made before it sends again.
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
    """Return a call that starts sessions with an idempotency key, so that a later run adopts them.

    A call with a key of its own, with no room for the tag, or under `tag_creates` off comes back as it was.
    """
    if not isinstance(call, SessionOptions) or call.idempotency_key is not None:
        return call
    if not call.has_room_for_tag or not settings["tag_creates"]:
        return call
    return call.model_copy(update={"idempotency_key": key})


def with_time_left(call: Tool[Any], elapsed: float) -> Tool[Any]:
    """Return the call of a later run: its time limits are what `elapsed` seconds left of the first one's."""
    if not isinstance(call, WaitOptions) or not elapsed:
        return call
    left = {"timeout_seconds": max(1.0, call.timeout_seconds - elapsed)}
    if call.max_seconds is not None:
        left["max_seconds"] = max(1.0, call.max_seconds - elapsed)
    return call.model_copy(update=left)


def with_total_wait(output: Output, elapsed: float) -> Output:
    """Return an output whose `waited_seconds` count all runs."""
    waited = getattr(output, "waited_seconds", None)
    if not elapsed or not isinstance(waited, float):
        return output
    return output.model_copy(update={"waited_seconds": round(waited + elapsed, 3)})


def with_creations(output: Output, created: Collection[str]) -> Output:
    """Return an output that calls sessions which an earlier run started created, not adopted."""

    def corrected(value: Any) -> Any:
        if isinstance(value, list):
            return [corrected(item) for item in value]
        return with_creations(value, created) if isinstance(value, Output) else value

    values = {name: getattr(output, name) for name in output.model_fields_set}
    changed = {name: new for name, old in values.items() if (new := corrected(old)) != old}
    if values.get("creation") == "adopted" and values.get("session_id") in created:
        changed["creation"] = "created"
    return output.model_copy(update=changed) if changed else output


def digest(tool: str, arguments: Mapping[str, Any]) -> str:
    """Return 16 hex digits that stand for a call."""
    text = json.dumps([tool, arguments], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def state_of(session: Session) -> str:
    """Return what a wait sees of a session, as a text to compare."""
    verdict = judge(session)
    pulls = len(session.pull_requests)
    return f"{session.status} {session.status_detail} {verdict.outcome if verdict else 'at work'} {pulls}"
