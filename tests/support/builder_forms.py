"""What a person types into the form of a low-code builder to make a call: the same for every builder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from support.odd_tools import FindOdd, StoreKey
from support.tools import tools

from devin_tools import Spec, describe
from devin_tools.export.builders.fields import Field

__all__ = ["every_example", "odd", "typed", "with_odd"]


@cache
def odd() -> tuple[Spec, ...]:
    """Return what a plugin may bring."""
    return describe(FindOdd), describe(StoreKey)


def with_odd() -> list[Spec]:
    """Return every built-in tool, and what a plugin may bring."""
    return [*tools(), *odd()]


def every_example() -> list[tuple[Spec, Mapping[str, Any]]]:
    """Return every example of a built-in tool: also of those that start a program, for none is called."""
    return [(spec, example) for spec in tools() for example in spec.examples]


def typed(field: Field, value: Any) -> Any:
    """Write a value as a person types it: text for all but lists of texts."""
    if isinstance(value, list) and field.kind in ("texts", "choices"):
        return value or ["[]"]
    if isinstance(value, Mapping | list | bool) or value is None:
        return json.dumps(value)
    return str(value)
