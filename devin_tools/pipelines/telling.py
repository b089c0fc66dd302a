"""Who is told what: the sinks of a rule, checked when the rules are read, told one by one."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..codec import reasons
from ..errors import BadRules, DevinToolsError
from ..hookspecs import Sink
from ..outlet import Outlet
from ..references import is_reference
from .news import News
from .rules import BUILT_IN_SINKS, Rules

__all__ = ["Teller"]

log = logging.getLogger("devin_tools.pipelines")

REMEMBERED = 10_000


class Teller:
    """Tells news to the sinks that a rule names."""

    def __init__(self, rules: Rules, sinks: Mapping[str, Sink], outlet: Outlet):
        """Check the sinks that the rules name; raise `BadRules` for one that is wrong or lacks its secret."""
        self._outlet = outlet
        self._named = {name: _checked(name, {"kind": name}, sinks) for name in BUILT_IN_SINKS}
        self._named |= {
            name: _checked(name, settings.model_dump(), sinks) for name, settings in rules.sinks.items()
        }
        self._done: OrderedDict[str, set[str]] = OrderedDict()
        """The sinks that were told of news, as long as others were not."""
        self._of_rule = {rule.name: tuple(rule.tell) for rule in rules.rules}
        for name in sorted({name for names in self._of_rule.values() for name in names}):
            self._check_secrets(name)

    async def tell(self, news: News) -> bool:
        """Tell all sinks of the news' rule; say whether every one of them was told.

        One that fails keeps none of the others from being told, and none is told again for it.
        """
        all_told, done = True, self._done.setdefault(news.id, set())
        for name in self._of_rule.get(news.rule, BUILT_IN_SINKS):
            if name in done:
                continue
            sink, settings = self._named[name]
            try:
                await sink.tell(news, settings, self._outlet)
                done.add(name)
            except DevinToolsError as error:
                log.error("the sink %s: %s", name, error.message)
                all_told = False
            except Exception as error:  # a plugin's own; its text could hold a value
                log.error("the sink %s failed: %s", name, type(error).__name__)
                all_told = False
        if all_told:
            del self._done[news.id]
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        return all_told

    def _check_secrets(self, name: str) -> None:
        """Read what a sink's references stand for now, rather than when there is news."""
        for field, value in self._named[name][1]:
            try:
                if isinstance(value, str) and is_reference(value):
                    self._outlet.secret(value)
            except DevinToolsError as error:
                raise BadRules(f"The sink {name}: {field}: {error.message}", hint=error.hint) from None

    async def aclose(self) -> None:
        """Close the way out."""
        await self._outlet.aclose()


def _checked(name: str, given: Mapping[str, Any], sinks: Mapping[str, Sink]) -> tuple[Sink, Any]:
    kind = str(given["kind"])
    if kind not in sinks:
        raise BadRules(
            f"The sink {name} is of no known kind.", hint=f"The kinds are: {', '.join(sorted(sinks))}."
        )
    settings = {key: value for key, value in given.items() if key != "kind"}
    try:
        return sinks[kind], sinks[kind].settings.model_validate(settings)
    except ValidationError as error:
        details = reasons(error)
    shown = "; ".join(f"{one['path']}: {one['reason']}" for one in details[:5])
    raise BadRules(f"The sink {name} is not right: {shown}.", details=details)
