"""The table of rules in the documentation."""

from __future__ import annotations

from collections.abc import Sequence

from ..export.providers.limits import ALL
from ..spec import Spec
from .judging import RULES


def rule_table(specs: Sequence[Spec] = ()) -> str:
    """List every rule with the dialects it holds in, why, how to mend, and who says so."""
    rows = [
        "| rule | error in | warning in | why, and how to mend | source |",
        "| --- | --- | --- | --- | --- |",
    ]
    for rule in RULES:
        links = " ".join(f"[{number}]({url})" for number, url in enumerate(rule.sources, 1))
        mend = f"{rule.mend[0].upper()}{rule.mend[1:]}"
        cells = (f"`{rule.id}`", _where(rule.errors), _where(rule.warnings), f"{rule.why} {mend}", links)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _where(dialects: Sequence[str]) -> str:
    return "all" if set(dialects) == set(ALL) else ", ".join(dialects)
