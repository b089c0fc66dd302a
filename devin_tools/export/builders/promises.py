"""What descriptions promise that only our own client keeps, and what is true where a pack sends a request.

A description is written once, for all ways in. A pack that sends one request and passes on the answer has
no flow behind it: it adopts nothing, follows no reference to a secret, and adds nothing to an answer.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from ...spec import Spec

__all__ = ["ADDED", "KEY", "LOST", "MACHINE", "ORGANISATION", "PROMISES", "SECRETS", "Promise", "true_in"]

KEY = "a session is created once"
LOST = "the error of a lost answer asks a person to look"
ORGANISATION = "the organisation of the key is asked for"
SECRETS = "references to secrets are followed"
ADDED = "parts of the output come from more than the answer"
MACHINE = "it runs on the machine of the person who calls"


@dataclass(frozen=True, slots=True)
class Promise:
    """A part of a description, and what stands in its place where it is not kept."""

    name: str
    pattern: str
    instead: str = ""


PROMISES = (
    Promise(
        KEY,
        r"The session carries a tag by which it is found and adopted if the answer is lost, "
        r"so that nothing is paid twice\.",
        "When the answer is lost, look for the session before you send it again: each one is paid.",
    ),
    Promise(
        LOST,
        r"When (?:its|the) answer is lost (?:it is not|nothing is) repeated: "
        r"the error asks you to look ((?:for|at) the \w+) first\.",
        r"When the answer is lost, look \1 before you send it again.",
    ),
    Promise(ORGANISATION, r" The client runs this once by itself when no organisation is set\."),
    Promise(
        SECRETS, r" Give a reference \(`env:NAME`, `file:PATH`\) and the value is read when it is sent\."
    ),
    Promise(SECRETS, r", or where to find it when it is sent: `env:NAME`, `file:PATH`"),
    Promise(ADDED, r"; `resumed` in the output says so"),
    Promise(ADDED, r"; the output shows the next runs"),
    Promise(ADDED, r", and when it runs next"),
    Promise(MACHINE, r"this machine", "the machine of the tools server"),
)

SERVED = frozenset({KEY, LOST, ORGANISATION, SECRETS, ADDED})
"""What holds for a tool that runs on a tools server."""


def true_in(spec: Spec, text: str, kept: Set[str] = frozenset()) -> str:
    """Return a text of a tool as it is true of a pack that keeps these promises where it sends a request."""
    kept = kept if spec.is_one_request else SERVED
    for promise in PROMISES:
        if promise.name not in kept:
            text = re.sub(promise.pattern, promise.instead, text)
    return text
