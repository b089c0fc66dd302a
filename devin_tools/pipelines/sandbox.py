"""The sandbox that templates run in. Imported only where the engine is installed."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SIZE = 100_000


class Sandbox(ImmutableSandboxedEnvironment):
    """Reaches plain values and nothing behind them; makes nothing that is large."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.globals.clear()  # range, lipsum, cycler, joiner, namespace: a prompt needs none of them
        for name in ("format", "center", "indent", "xmlattr", "random", "pprint", "attr", "map"):
            self.filters.pop(name, None)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow the methods of texts, lists and mappings that make nothing large, and no other."""
        if attr in ("format", "format_map", "center", "ljust", "rjust", "zfill", "expandtabs", "join"):
            return False
        return isinstance(obj, str | list | dict | tuple) and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do arithmetic on numbers of an ordinary size only; add texts."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right if len(left) + len(right) <= MAX_SIZE else self._refuse()
        for value in (left, right):
            if not isinstance(value, int | float) or abs(value) > MAX_SIZE:
                self._refuse()
        return super().call_binop(context, operator, left, right) if operator != "**" else self._refuse()

    @staticmethod
    def _refuse() -> Any:
        raise SecurityError("too large")
