"""The built-in rules, from the settings: what calls may do, whoever makes them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .api.create_session import CreateSession
from .api.once import tag_of_key
from .api.tags import ReplaceSessionTags
from .errors import Ambiguous, Refused
from .settings import VARIABLES, Settings
from .spec import Spec
from .tool import Tool

__all__ = ["Rules", "Started", "refused"]


@dataclass
class Started:
    """How many sessions a client started, for whichever account."""

    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Rules:
    """Admits or refuses calls. One per client: it counts the sessions that client started."""

    def __init__(self, settings: Settings, started: Started | None = None):
        self._settings = settings
        self._started = started or Started()
        self._known: dict[str, str] = {}
        """Keys whose session there is, with its id: a call with one of them starts none."""
        self._counted: Counter[str | None] = Counter()
        """The calls at work that were counted, by their keys."""
        self._lock = self._started.lock

    @property
    def started(self) -> int:
        """How many sessions were started under these rules."""
        return self._started.count

    def beside(self, settings: Settings) -> Rules:
        """Give the rules of the same client for another account: its sessions count, its keys are its own."""
        return Rules(settings, self._started)

    def admit(self, spec: Spec, call: Tool[Any], *, is_inside: bool, confirm: bool) -> Tool[Any]:
        """Give the call to run, with a default ACU limit where it has none; raise `Refused` otherwise.

        A part of another call needs no place on the list of allowed tools: the outer call had that. What
        is denied is denied inside too, and consent to the outer call is consent to its parts.
        """
        settings = self._settings
        if settings.read_only and spec.effect.kind != "read":
            raise refused("read_only", f"{spec.name} changes something, and only reads are allowed.")
        if spec.name in settings.denied_tools:
            raise refused("denied_tools", f"{spec.name} is among the denied tools.")
        if not is_inside and settings.allowed_tools is not None and spec.name not in settings.allowed_tools:
            raise refused("allowed_tools", f"{spec.name} is not among the allowed tools.")
        needs_consent = spec.effect.kind == "destroy" or spec.effect.is_billable
        if settings.confirm and needs_consent and not confirm:
            raise refused("confirm", f"{spec.name} spends ACUs or destroys, and nobody confirmed it.")
        if isinstance(call, CreateSession):
            call = self.limited(call)
        return call

    def limited(self, call: CreateSession) -> CreateSession:
        """Give the call an ACU limit if it has none; refuse one above the ceiling."""
        ceiling = self._settings.max_acu
        if call.max_acu_limit is None:
            limit = self._settings.default_acu or ceiling
            return call if limit is None else call.model_copy(update={"max_acu_limit": limit})
        if ceiling is not None and call.max_acu_limit > ceiling:
            raise refused("max_acu", f"max_acu_limit is above the ceiling of {ceiling}.")
        return call

    def count(self, call: Tool[Any]) -> None:
        """Count a session that is about to be started; raise `Refused` when it is one too many."""
        if not isinstance(call, CreateSession):
            return
        most, key = self._settings.max_sessions, call.idempotency_key
        with self._lock:
            if key in self._known:
                return
            if most is not None and self._started.count >= most:
                raise refused(
                    "max_sessions", f"This client has started {most} sessions: it may start no more."
                )
            self._started.count += 1
            self._counted[key] += 1

    def observe(self, call: Tool[Any], outcome: Any) -> None:
        """Put the count right: a session that was adopted, or that was surely not made, is none."""
        if isinstance(call, ReplaceSessionTags):
            self._forget(call)
        if not isinstance(call, CreateSession):
            return
        key, is_there = call.idempotency_key, not isinstance(outcome, Exception)
        is_started = outcome.creation == "created" if is_there else isinstance(outcome, Ambiguous)
        with self._lock:
            was_counted = self._counted[key] > 0
            self._counted[key] -= was_counted
            self._started.count += is_started - was_counted
            if key is not None and is_there:
                self._known[key] = outcome.session_id.removeprefix("devin-")

    def _forget(self, call: ReplaceSessionTags) -> None:
        """Forget the keys of a session that loses their tags: a call with one of them would start another."""
        bare = call.session_id.removeprefix("devin-")
        with self._lock:
            lost = [key for key, session_id in self._known.items() if session_id == bare]
            for key in lost:
                if tag_of_key(key) not in call.tags:
                    del self._known[key]


def refused(rule: str, message: str, more: Mapping[str, Any] | None = None) -> Refused:
    """Make the refusal of a rule, which says how to change it."""
    consent = "pass confirm=True, or --yes on the command line"
    change = consent if rule == "confirm" else "change it if you may"
    return Refused(
        message,
        hint=f"The rule is the setting {rule} ({VARIABLES[rule]}): {change}.",
        details=[{"rule": rule, "variable": VARIABLES[rule]} | dict(more or {})],
    )
