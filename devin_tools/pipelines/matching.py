"""Whether an alert is one that a rule is for, and if not, why not."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from ..schemas.patterns import MAX_WORK, searcher
from ..text.listed import NotJson, json_in
from .alert import Alert, normalized_source
from .frozen_model import FrozenModel

REGEX = "re:"

MAX_TEXT = 1_000
"""The longest text of an alert that patterns are matched with."""

RANGE = re.compile(r"([0-4])(?:\s*-\s*([0-4]))?")


def _checked(value: str) -> str:
    if value.startswith(REGEX) and searcher(value.removeprefix(REGEX)).work(MAX_TEXT) > MAX_WORK:
        raise ValueError("is a regular expression that takes too long")
    return value


def _listed(value: Any) -> Any:
    """Return one pattern as a list; a list that came as JSON text is that list, and would match nothing."""
    if isinstance(value, list):
        return value
    try:
        held = json_in(value) if isinstance(value, str) else None
    except NotJson:  # names of alerts may begin with a bracket
        held = None
    return held if isinstance(held, list) else [value]


PatternText = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_checked)]

_TEXT_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 500}
_LIST_SCHEMA = {"type": "array", "items": _TEXT_SCHEMA, "minItems": 1, "maxItems": 100}

Pattern = Annotated[
    list[PatternText],
    BeforeValidator(_listed),
    Field(min_length=1, max_length=100),
    WithJsonSchema({"anyOf": [_TEXT_SCHEMA, _LIST_SCHEMA]}),
]
"""One text or several, any of which may match: with `*` and `?` as wildcards and no heed of case, or
`re:` and a regular expression, in the syntax of RE2, that is searched for."""


def _range(value: Any) -> Any:
    match = RANGE.fullmatch(str(value).strip()) if isinstance(value, str | int) else None
    if isinstance(value, bool) or match is None:
        raise ValueError("must be a severity such as 1, or a range such as 0-2")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise ValueError("must begin with the lower number: 0 is the worst")
    return f"{first}-{last}"


SeverityRange = Annotated[
    str,
    BeforeValidator(_range),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 4},
                {"type": "string", "pattern": r"^[0-4](\s*-\s*[0-4])?$"},
            ]
        }
    ),
]
"""A severity, or a range of them with both ends in it: `0-2`."""


@cache
def _wildcard(pattern: str) -> re.Pattern[str]:
    """Write a pattern with wildcards so that what one `*` took is never tried in another way.

    The first place where the text up to the next `*` fits leaves the most for the rest: no later one helps.
    """
    first, *others = (re.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    last = f".*{others[-1]}" if others else ""
    return re.compile(f"{first}{between}{last}\\Z", re.IGNORECASE | re.DOTALL)


def _fits(patterns: list[str], text: str) -> bool:
    return any(
        searcher(one.removeprefix(REGEX)).is_in(text)
        if one.startswith(REGEX)
        else _wildcard(one).match(text) is not None
        for one in patterns
    )


class Match(FrozenModel):
    """What an alert must be; what is left out does not matter. All that is given must hold."""

    name: Pattern | None = None
    """What it is called."""

    severity: SeverityRange | None = None
    """How bad it is: a number from 0 (critical) to 4 (verbose), or a range such as `0-2`."""

    source: Pattern | None = None
    """Who sent it: the name of the reader, such as `alertmanager`."""

    signal: Pattern | None = None
    """What kind of event it is, in the sender's word."""

    resource: Pattern | None = None
    """What it happened to."""

    dimensions: dict[str, Pattern] = {}
    """Names of dimensions that it must have, and what each must be."""

    def mismatch_reasons(self, alert: Alert) -> list[str]:
        """Return in what an alert is not as it must be; nothing, when it matches. No value is repeated."""
        reasons: list[str] = []
        if self.severity is not None:
            first, last = int(self.severity[0]), int(self.severity[-1])
            if not first <= alert.severity <= last:
                wanted = self.severity[0] if first == last else self.severity
                reasons.append(f"severity is {alert.severity}, not {wanted}")
        for name in ("name", "source", "signal", "resource"):
            patterns: list[str] | None = getattr(self, name)
            if patterns is None:
                continue
            if name == "source":
                fits = _fits([_as_source(one) for one in patterns], alert.source_name)
            else:
                fits = _fits(patterns, getattr(alert, name))
            if not fits:
                reasons.append(f"{name} is not {_shown(patterns)}")
        for name, patterns in self.dimensions.items():
            if name not in alert.dimensions:
                reasons.append(f"there is no dimension {name}")
            elif not _fits(patterns, alert.dimensions[name]):
                reasons.append(f"dimension {name} is not {_shown(patterns)}")
        return reasons

    @property
    def is_open(self) -> bool:
        """Whether every alert matches."""
        return not self.model_dump(exclude_defaults=True)


def _as_source(pattern: str) -> str:
    """Write a pattern in the form that the names of senders have, but for its wildcards."""
    if pattern.startswith(REGEX):
        return pattern
    return "".join(
        part if part in ("*", "?") else normalized_source(part) for part in re.split(r"([*?])", pattern)
    )


def _shown(patterns: list[str]) -> str:
    return " or ".join(repr(one) for one in patterns[:5]) + (" or ..." if len(patterns) > 5 else "")
