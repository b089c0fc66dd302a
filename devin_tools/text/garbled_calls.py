"""Calls that programs between a model and its tool changed: arguments added, wrapped, or swallowed. Pure.

What no model asked for is left out; what stands at another place is refused by its name, and nothing is
moved: whoever looked at the call before, for a ceiling say, saw none there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from ..errors import InvalidArguments
from .listed import NotJson, json_in

__all__ = ["ungarbled"]

Arguments = Mapping[str, Any]

ADDED_WITH = "toolCallId"
ADDED = frozenset({ADDED_WITH, "sessionId", "action", "chatInput"})
"""What n8n's agents put among the arguments of a call. Its session is a chat, and not one of the API."""

WRAPPERS = frozenset({"arguments", "args", "kwargs", "params", "parameters", "input", "tool_input"})

SWALLOWED = re.compile(
    r"""(?:^|</[^<>]*>)\s*(?:<(?:\w+:)?parameter(?:\s+name\s*=\s*|=)["']?(\w+)|<arg_key>\s*(\w+))""",
    re.MULTILINE,
)
"""The tag of an argument, at the beginning of a line or after another tag."""

CALL_END = re.compile(r"</[^<>]{0,40}\b(?:parameter|invoke|function_calls|tool_call|arg_value)>\s*\Z")
"""The tag that ends an argument or a call, at the end of a text; models put their own marks into it."""


def ungarbled(given: Arguments, tool: str, names: Collection[str]) -> Arguments:
    """Return the arguments of a call without those that n8n added; `names` are those that a model may fill.

    Raises `InvalidArguments` for arguments inside another object, and for a text that swallowed others.
    """
    if ADDED_WITH in given and ADDED_WITH not in names:
        given = {key: value for key, value in given.items() if key not in ADDED or key in names}
    if wrapped := next(_wrapped(given, names), None):
        reason = "is not a field: give what it holds in its place, without an object around it"
        raise _refusal(tool, wrapped, f"The arguments of {tool} stand inside another object.", reason)
    for key, value in given.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and "<" in text and (what := _what_it_swallowed(text, names, given)):
                said = f"The argument {str(key)[:64]} of {tool} holds {what}, in tags that were not read."
                raise _refusal(tool, key, said, f"holds {what}, in tags that were not read")
    return given


def _refusal(tool: str, key: str, message: str, reason: str) -> InvalidArguments:
    refused = InvalidArguments(
        message,
        hint="Give each argument by itself, under its own name; nothing was sent.",
        details=[{"path": str(key)[:64], "reason": reason}],
    )
    refused.tool = tool
    return refused


def _wrapped(given: Arguments, names: Collection[str]) -> Iterator[str]:
    """Yield the keys that are not fields and hold an object of fields."""
    known = {*names, *map(to_camel, names)}
    for key, value in given.items():
        held = _held(value) if key not in known else None
        if held is not None and (known.issuperset(held) if held else key in WRAPPERS):
            yield key


def _held(value: Any) -> Mapping[str, Any] | None:
    """Return the object that an argument is, or is as JSON text."""
    if isinstance(value, str):
        try:
            value = json_in(value)
        except NotJson:
            return None
    return value if isinstance(value, Mapping) else None


def _what_it_swallowed(text: str, names: Collection[str], given: Arguments) -> str:
    """Return what a text swallowed: an argument that is not given, or the end of the call."""
    tagged = (name for found in SWALLOWED.findall(text) for name in found)
    if name := next((name for name in tagged if name in names and given.get(name) is None), ""):
        return f"the argument {name}"
    return "the end of the call" if CALL_END.search(text) else ""
