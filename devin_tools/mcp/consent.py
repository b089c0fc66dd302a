"""A person's consent to the calls that need it, where the settings ask for it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from cachetools import FIFOCache, LRUCache

from ..errors import Refused
from ..settings import VARIABLES
from ..spec import Spec
from ..tool import Output, Tool

ANSWER = "consent"
"""The name under which a client of the newer protocol returns the answer."""

MAX_SHOWN = 1000
REMEMBERED = 1000
OPEN_QUESTIONS = 64
"""How many questions of one caller may wait for an answer; the oldest one is asked again."""
WAITING = frozenset({"timeout_seconds", "max_seconds", "settle_seconds", "follow_messages"})
"""Arguments that only say how to wait: they change between the parts of one wait."""


def question(spec: Spec, arguments: Mapping[str, Any], cost: str | None = None) -> str:
    """Word the question, with what the call would do and all its arguments."""
    risk = " ".join(filter(None, (f"{spec.effect.risk}.", cost))).rstrip(".")
    shown = json.dumps(arguments, ensure_ascii=False)
    if len(shown) > MAX_SHOWN:  # the short ones first: a long prompt must not hide a high limit
        by_length = sorted(arguments.items(), key=lambda item: len(json.dumps(item[1])))
        shown = json.dumps(dict(by_length), ensure_ascii=False)
        shown = f"{shown[:MAX_SHOWN]}... ({len(shown)} characters in all)"
    return f"{spec.title}? This {risk}. {spec.summary} ({spec.name} with {shown})"


def request(text: str) -> dict[str, Any]:
    """Make the parameters of an elicitation: accepting it is the whole answer."""
    return {"mode": "form", "message": text, "requestedSchema": {"type": "object", "properties": {}}}


def declined(spec: Spec) -> Refused:
    """Make the error of a call that a person did not agree to."""
    return Refused(
        f"{spec.name} was not run: the person who was asked did not agree.",
        hint="Ask them what to do instead.",
        details=[{"rule": "confirm", "variable": VARIABLES["confirm"]}],
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one call of one caller."""

    text: str
    issue: Callable[[], str]
    """Return a mark that the answer has to bring back, where it comes with another request."""
    redeem: Callable[[str | None], bool]
    """Return whether a mark was issued for this very question; it counts once."""


class ConsentStore:
    """Holds what was asked, and which calls continue one that was agreed to.

    So an answer counts for the question that was asked and for nothing else, and nobody is asked at
    every slice of a wait.
    """

    def __init__(self) -> None:
        self._known: FIFOCache[str, None] = FIFOCache(REMEMBERED)
        self._asked: LRUCache[str, FIFOCache[str, str]] = LRUCache(REMEMBERED)
        """The marks of each caller's open questions, with the digest of the call."""

    def question(
        self, caller: str, spec: Spec, arguments: Mapping[str, Any], cost: str | None = None
    ) -> Question:
        """Make the question whether this call of this caller, at this cost, may run."""
        call = _digest(caller, spec.name, arguments, without=frozenset())

        def issue() -> str:
            mark = secrets.token_urlsafe(24)
            self._asked.setdefault(caller, FIFOCache(OPEN_QUESTIONS))[mark] = call
            return mark

        def redeem(mark: str | None) -> bool:
            marks: MutableMapping[str, str] = self._asked.get(caller, {})
            is_right = mark is not None and marks.get(mark) == call
            if is_right:
                del marks[str(mark)]
            if not marks:
                self._asked.pop(caller, None)
            return is_right

        return Question(question(spec, arguments, cost), issue, redeem)

    def remember(self, caller: str, output: Output) -> None:
        """Let the call with which this caller goes on after this output pass."""
        rest = getattr(output, "resume_with", None)
        if rest is None:
            return
        self._known[_digest(caller, rest.name, rest.arguments)] = None

    def forget(self) -> None:
        """Ask again before anything goes on: a session that lost its tag is not found, but started again."""
        self._known.clear()

    def cover(self, caller: str, spec: Spec, call: Tool[Any]) -> bool:
        """Return whether this call only goes on with one that was agreed to."""
        return _digest(caller, spec.name, call.model_dump(mode="json", exclude_unset=True)) in self._known


def _digest(caller: str, name: str, arguments: Mapping[str, Any], without: frozenset[str] = WAITING) -> str:
    said = {key: value for key, value in arguments.items() if key not in without}
    text = json.dumps([caller, name, said], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
