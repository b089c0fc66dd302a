"""Amazon SNS: messages that are text. JSON in a message is read by the reader that knows it.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..alert import Alert, digest
from ..payload import Body, build_alert, reader
from ..sns import NOTIFICATION, is_message

UNCONFIRMED = (
    "Amazon SNS asks whether it may send here. The server confirms that when DEVIN_HOOK_SNS_TOPICS "
    "names the topic: set it, and request the confirmation again."
)

OVER = re.compile(r"(?:\[\s*)?(?:ok|resolved|recovered)(?:\s*\]|:(?:\s*\d+\s*\])?)", re.IGNORECASE)
"""How a subject begins that says that something is over."""

HEADING = re.compile(
    r"\[\s*(?:firing|resolved|recovered|alerting|alarm|ok|problem|no data)(?:\s*:\s*\d+)?\s*\]\s*",
    re.IGNORECASE,
)
"""A state in brackets before what it is about, as templates of Alertmanager write it: `[FIRING:2]`."""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return is_message(body)


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    if given.get("Type") != NOTIFICATION:
        given.findings.notes.append(UNCONFIRMED)
        return []
    topic, message, subject = given.text("TopicArn"), given.get("Message"), given.get("Subject")
    name = subject or message.strip().partition("\n")[0]
    given.known("Type", "MessageId")
    return [
        build_alert(
            given,
            name=name or given.text("Message"),
            severity=[],
            description=message,
            resource=topic.rpartition(":")[2],
            signal="message",
            fired_time=given.time("Timestamp"),
            source="sns",
            dimensions={"topic": topic},
            fingerprint=digest("sns", topic, *_lasting(subject, message)),
            is_resolved=OVER.match(subject) is not None,
        )
    ]


def _lasting(subject: str, message: str) -> list[str]:
    """Return what of a text stays the same from one time to the next.

    A subject with a state before it (`ALARM: "x" in EU`) names what it is about. Others are often the same
    for all that a service sends, so the begin of the message belongs to them, without its numbers.
    """
    if heading := HEADING.match(subject):
        return [subject[heading.end() :].strip()]
    state, colon, rest = subject.partition(":")
    if colon and state.isupper():
        return [rest.strip()]
    return [subject, re.sub(r"\d+", "#", message.strip()[:300].partition("\n")[0])]


READER = reader(
    "sns",
    "a message of Amazon SNS",
    "Amazon SNS, known by `Type`, `TopicArn` and `Message`. JSON in a message is read as if it came alone.",
    _reads,
    _read,
)
