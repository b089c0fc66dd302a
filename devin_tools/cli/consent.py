"""Asking a person before something happens that cannot be taken back or costs money."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from ..errors import Refused

if TYPE_CHECKING:
    from ..settings import Settings
    from ..tool import Tool


def require_consent(question: str, *, given: bool) -> None:
    """Go on only with `--yes`, or when a person at a terminal agrees; raise `Refused` otherwise."""
    if given:
        return
    if not _is_person_present():
        raise Refused(
            f"This needs consent, and no person is at a terminal: {question}", hint="Repeat it with --yes."
        )
    if not click.confirm(question, err=True):
        raise Refused("Not confirmed, so nothing was done.", hint="Answer y, or repeat it with --yes.")


def would_agree(question: str) -> bool:
    """Ask a person at a terminal; `False` when there is none."""
    return _is_person_present() and click.confirm(question, err=True)


def _is_person_present() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def is_confirmed(settings: Settings, call: Tool[Any], *, yes: bool) -> bool:
    """Return the `confirm` of a run, once a person agreed to it where that is needed.

    That is before a call that destroys, administers accounts or shows a secret, and before one that spends
    where the settings ask for it. Raises `Refused` without consent.
    """
    from ..declarations import describe

    spec = describe(type(call))
    risk = replace(spec.effect, is_billable=False).risk
    if not risk and not (spec.effect.is_billable and settings.confirm):
        return yes
    spends = f"spends ACUs{_spent(settings, call)}" if spec.effect.is_billable else ""
    question = " and ".join(filter(None, (risk, spends))).removesuffix(".")
    require_consent(f"{spec.title} {question}. Go on?", given=yes)
    return True


def unlimited(settings: Settings, call: Tool[Any], option: str | None = None) -> str | None:
    """Return that nothing bounds what a call spends, where so it is; `option` is what would."""
    from ..client.call_limits import acu_bound
    from ..declarations import describe
    from ..settings import VARIABLES

    spec = describe(type(call))
    spending = spec.effect.spending
    if spending is None or spending.is_stopped(call) or acu_bound(call, settings) != "without a limit":
        return None
    if option is None and spending.limit:
        name, *inner = spending.limit.split(".")
        value = reduce(lambda value, key: f'{{"{key}": {value}}}', reversed(inner), "N")
        option = f"--{name.replace('_', '-')} " + (f"'{value}'" if inner else value)
    elif option:
        option = f"{option} N"
    ways = f"`{option}` sets one, {VARIABLES['default_acu']} one for all" if option else "it takes none"
    return f"{spec.title} spends ACUs without a limit; {ways}."


def _spent(settings: Settings, call: Tool[Any]) -> str:
    """Return how much a call may spend, and how often what it makes does."""
    from ..client.call_limits import acu_bound, recurring_cost

    if cost := recurring_cost(call, settings):
        return f". {cost}"
    bound = acu_bound(call, settings)
    return f", {bound}." if bound else "."
