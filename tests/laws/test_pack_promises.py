"""A pack's texts promise what that pack keeps: adoption, looks after a lost answer, secrets, files, waits."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from support.packs import pack
from support.tools import tools

from devin_tools import Spec
from devin_tools.export.builders.n8n import texts as n8n
from devin_tools.export.builders.node_red import forms as node_red
from devin_tools.export.builders.promises import PROMISES, true_in

PACKS = ("n8n", "node-red", "sim", "langflow", "dify")
RUN_BY_OUR_CLIENT = ("langflow", "dify")
"""Packs whose code is Python: every call is one of our own client."""

CLAIM = re.compile(
    r"adopt|paid twice|answer (?:is|was) lost|repeated|sent again|output says so|by itself when"
    r"|env:|file:PATH|this machine|retr(?:y|ie)|\bis found|asks you to look|the output shows"
    r"|runs next|look at the list|digest|without asking twice|only once|never twice"
    r"|waits? (?:for|until)|resumed? ",
    re.IGNORECASE,
)
"""Words of a promise about what a pack does by itself."""

KEPT_IN: dict[str, frozenset[str]] = {"node-red": node_red.KEPT, "n8n": n8n.KEPT, "sim": frozenset()}
"""What the code of each pack keeps: tests/process/test_node_red_once.py and its brothers show it."""

OWN = {
    "node-red": (
        "each session that is created gets a tag of its own, by which it is found when the answer was lost, "
        "so that nothing is paid twice.",
        "This machine itself is reached without a proxy.",
        "A created session bears a tag, by which it is found when its answer was lost, "
        "so that nothing is paid twice.",
    ),
    "n8n": (
        "Whether this try sent it, or found it among the messages after an answer was lost.",
        "How many commits are on no remote, as far as this machine knows.",
    ),
}
"""What a pack says in words of its own, as tests/external/builders/test_node_red_once.py shows it."""

TRUE_EVERYWHERE = {
    "a suspended session is resumed by it, which spends acus again",
    "an ended one cannot be resumed.",
    "it can never be resumed.",
    "read the session again to follow it, or wait for it.",
}
"""What the API does, whoever asks."""


def normal(text: str) -> str:
    """Write a sentence without what packs change in it: marks, names in other cases, links."""
    return (
        re.sub(r"[`_\s]+", " ", html.unescape(re.sub(r"<[^>]+>", "", text))).strip().lower().replace("_", "")
    )


@cache
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences that claim something."""
    if not CLAIM.search(text):
        return ()
    parts = re.split(r"(?<=[.!?;:])\s+", " ".join(text.split()))
    return tuple(squeezed(sentence) for sentence in parts if CLAIM.search(sentence))


def squeezed(text: str) -> str:
    """Write a sentence so that `max_acu_limit` and `maxAcuLimit` are the same."""
    return normal(text).replace(" ", "").rstrip(".;:")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def texts(name: str) -> Iterator[tuple[str, str]]:
    """Yield every text that a person or a model reads in a pack, with its file."""
    for file, content in pack(name).items():
        if file.endswith((".json", ".yaml")):
            yield from ((file, text) for text in strings(json.loads(content)))
        elif file.endswith(".html"):
            shown = re.findall(r'<script type="text/html"[^>]*>(.*?)</script>', content, re.DOTALL)
            parts = re.split(
                r"</?(?:p|dt|dd|dl|div|h3|label)\b[^>]*?(?:title=\"([^\"]*)\")?[^>]*>", "".join(shown)
            )
            yield from ((file, html.unescape(part)) for part in parts if part)
        elif file.endswith(".md") and name not in RUN_BY_OUR_CLIENT:
            yield file, content


def of_spec(spec: Spec) -> Iterator[str]:
    yield from (spec.description, spec.summary)
    yield from strings(spec.input_schema)
    yield from strings(spec.output_schema)


@cache
def allowed(name: str) -> frozenset[str]:
    """Return what a pack may claim: what is true of a tool where that pack runs it."""
    found = {squeezed(sentence) for sentence in (*TRUE_EVERYWHERE, *OWN.get(name, ()))}
    for spec in tools():
        for text in of_spec(spec):
            if not CLAIM.search(text):
                continue
            if name not in RUN_BY_OUR_CLIENT:
                if not spec.is_one_request:
                    text = true_in(spec, text)
                else:
                    text = " ".join(part for part in kept_parts(name, spec, text))
            found.update(sentences(text))
    return frozenset(found)


def kept_parts(name: str, spec: Spec, text: str) -> Iterator[str]:
    """Yield what a pack keeps of a text of one request, and what stands there in place of the rest."""
    for promise in PROMISES:
        if re.search(promise.pattern, text):
            yield true_in(spec, text, KEPT_IN[name])


@pytest.mark.parametrize("name", PACKS)
def test_every_promise_of_a_pack_is_one_that_it_keeps(name: str) -> None:
    wrong = {
        (file, sentence)
        for file, text in texts(name)
        for sentence in sentences(text)
        if sentence not in allowed(name)
    }
    assert not wrong, sorted(wrong)
