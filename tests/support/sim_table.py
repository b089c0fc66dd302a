"""The cases learned from Sim's integration, and what this package does otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from support.paths import DATA

__all__ = ["BLOCK", "CALLS", "DIFFERENCES", "LEARNED", "RESPONSES", "TOOLS", "UNDOCUMENTED", "expected"]

LEARNED = json.loads((DATA / "sim_cases" / "learned.json").read_text(encoding="utf-8"))
TOOLS: dict[str, dict[str, Any]] = {tool["id"]: tool for tool in LEARNED["tools"]}
BLOCK, CALLS, RESPONSES = LEARNED["block"], LEARNED["calls"], LEARNED["responses"]

BARE = "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"


def prefixed(request: dict[str, Any], name: str) -> dict[str, Any]:
    path = re.sub(f"/sessions/.*{BARE}", f"/sessions/devin-{BARE}", request["path"])
    return request | {"path": path}


def numbered(request: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Text with a number in it is that number, empty text is not sent, and words are refused."""
    text = request["body"].get("max_acu_limit")
    if "words" in name:
        return None
    rest = {key: value for key, value in request["body"].items() if key != "max_acu_limit"}
    return request | {"body": rest | ({"max_acu_limit": int(text)} if text else {})}


def flagged(request: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Sim takes any text for true, and its block any word for false."""
    return request | {"query": []} if '"false"' in name else None


def titled(request: dict[str, Any], name: str) -> dict[str, Any]:
    return request | {"body": request["body"] | {"title": "A title"}}


def nothing(request: dict[str, Any], name: str) -> None:
    return None


DIFFERENCES: dict[str, Callable[[dict[str, Any], str], dict[str, Any] | None]] = {
    "session-prefix": prefixed,
    "number-text": numbered,
    "flag-text": flagged,
    "more-parameters": titled,
    "hostile-id": nothing,
    "unknown-parameter": nothing,
    "bounds": nothing,
    "tag-not-text": nothing,
    "blank-tags": nothing,
    "playbook-spaces": nothing,
}
"""What the dialect sends instead of what Sim sends; `None`: it refuses, and sends nothing."""

UNDOCUMENTED = {
    "no id",
    "an empty object",
    "no items",
    "null items",
    "null",
    "empty",
}
"""Answers that the API never documented: the dialect says so, where Sim gives keys full of nulls."""


def expected(case: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is to be sent: what Sim sends, without the name by which it introduces itself."""
    if "error" in case:
        return None
    headers = {name: value for name, value in case["request"]["headers"].items() if name != "user-agent"}
    request = case["request"] | {"headers": headers}
    return DIFFERENCES[case["differs"]](request, case["name"]) if "differs" in case else request
