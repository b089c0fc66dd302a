"""The sandbox that templates run in. Imported only where the engine is installed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import BadRules

MAX_SIZE = 100_000

MAX_QUOTED = 300
"""Longer text, or text of several lines, is fenced instead of quoted."""


class Fenced(str):
    """Text that is fenced already."""

    __slots__ = ()


class Sandbox(ImmutableSandboxedEnvironment):
    """Reaches plain values and nothing behind them; makes nothing that is large."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, fence: str):
        """Print every value in quotation marks, or between lines that bear the name of the fence."""
        super().__init__(undefined=StrictUndefined, finalize=self._finalize, keep_trailing_newline=True)
        self._fence = fence
        self.globals.clear()  # range, lipsum, cycler, joiner, namespace: a prompt needs none of them
        for name in ("format", "center", "indent", "xmlattr", "random", "pprint", "attr", "map"):
            self.filters.pop(name, None)
        self.filters["fenced"] = self._fenced

    def run(self, template: str, name: str, values: Mapping[str, Any], most: int) -> str | None:
        """Return what a template writes, or `None` for more than `most` characters; raise `BadRules`."""
        pieces: list[str] = []
        try:
            for piece in self.from_string(self._checked(template)).generate(values):
                pieces.append(piece)
                most -= len(piece)
                if most <= 0:
                    return None
            return "".join(pieces)
        except TemplateSyntaxError as error:
            reason = f"line {error.lineno}: {error.message}"
        except SecurityError:
            reason = "it reaches for what a template may not have"
        except TemplateError as error:
            reason = _absent(error.message or "", template)
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            MemoryError,
            TypeError,
            ValueError,
            RecursionError,
        ) as error:
            reason = type(error).__name__
        raise BadRules(f"The template {name} does not work: {reason}.") from None

    def _checked(self, template: str) -> nodes.Template:
        """Parse a template; refuse the blocks whose output is written without a look at what is in it."""
        parsed = self.parse(template)
        if parsed.find(nodes.FilterBlock) is not None or parsed.find(nodes.CallBlock) is not None:
            raise SecurityError("a filter or call block")
        return parsed

    def _fenced(self, value: Any) -> Fenced:
        return Fenced(f"\n<outside-{self._fence}>\n{_plain(value)}\n</outside-{self._fence}>\n")

    def _finalize(self, value: Any) -> str:
        """Return a printed value as text. Jinja calls it for each one, whatever the template says."""
        if isinstance(value, Fenced):
            return value
        if isinstance(value, bool | int | float | datetime) or value is None:
            return "" if value is None else str(value)
        text = _plain(value)
        is_short = len(text) <= MAX_QUOTED and "\n" not in text
        return json.dumps(text, ensure_ascii=False) if is_short else self._fenced(text)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow the methods of texts, lists and mappings that make nothing large, and no other."""
        if attr in ("format", "format_map", "center", "ljust", "rjust", "zfill", "expandtabs", "join"):
            return False
        return isinstance(obj, str | list | dict | tuple) and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do arithmetic on numbers of an ordinary size only; add texts."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            if len(left) + len(right) <= MAX_SIZE:
                return left + right
        elif operator != "**" and all(
            isinstance(value, int | float) and abs(value) <= MAX_SIZE for value in (left, right)
        ):
            return super().call_binop(context, operator, left, right)
        raise SecurityError("too large")


def _plain(value: Any) -> str:
    """Return a value as text; names and values as a line each. Anything but plain data is refused."""
    if isinstance(value, Undefined):
        return str(value)  # raises, saying what is not there
    if not isinstance(value, str | list | tuple | Mapping):
        raise SecurityError("not plain")
    if isinstance(value, Mapping):
        pairs = ((json.dumps(str(one), ensure_ascii=False) for one in pair) for pair in value.items())
        return "\n".join(": ".join(pair) for pair in pairs)
    return str(value)


def _absent(message: str, template: str) -> str:
    """Return what a template names that is not there, unless a text from outside is that name."""
    quoted = re.findall(r"'([^']*)'", message)
    is_known = bool(quoted) and quoted[-1] in template
    return f"there is no {quoted[-1]}" if is_known else "it asks for something that is not there"
