"""The judge: every rule over every tool, in each dialect asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ..export.providers.limits import ALL, BASES, DIALECTS
from ..spec import Spec
from .finding import Finding, Severity, json_path
from .listing import Listed
from .rule import Found, Group, Rule
from .rules import (
    conduct,
    costs,
    grammars,
    keyword_values,
    keywords,
    lists,
    names,
    objects,
    references,
    sizes,
    tool_objects,
    types,
    values,
)
from .shown import shown

MODULES = (
    names, tool_objects, objects, keyword_values, types, values, keywords, grammars, references, sizes,
    costs, lists, conduct,
)  # fmt: skip
RULES = tuple(rule for module in MODULES for rule in vars(module).values() if isinstance(rule, Rule))
"""Every rule, in the order of the modules and in them."""

PROVIDERS = (*ALL, "all")
"""What a person may name; `all` stands for each of `BASES`."""

MAX_ALIKE = 20
"""Findings of one rule in one tool, before the rest are only counted."""


def judge(
    tools: Sequence[Listed],
    *,
    provider: str | None = None,
    prefix: str = "",
    ignore: Collection[str] = (),
) -> list[Finding]:
    """Hold a list against the rules; the findings come in the order of its tools.

    Without a provider each tool is judged by its own form. With one it is judged as though its schema
    were sent there unchanged. `all` is every provider in turn; what several of them find is one finding.
    """
    order: dict[int | None, int] = {id(tool): index for index, tool in enumerate(tools)}
    merged: dict[Finding, tuple[int, tuple[str, ...]]] = {}
    for group in _groups(tools, provider, prefix):
        for tool, finding in _judged(group, ignore):
            same = replace(finding, providers=())
            index, providers = merged.get(same, (order.get(id(tool), len(tools)), ()))
            merged[same] = index, tuple(dict.fromkeys((*providers, *finding.providers)))
    placed = sorted(merged.items(), key=lambda item: item[1][0])
    return [replace(finding, providers=providers) for finding, (_, providers) in placed]


def _groups(tools: Sequence[Listed], provider: str | None, prefix: str) -> Iterator[Group]:
    for choice in BASES if provider == "all" else (provider,):
        groups: dict[str, list[Listed]] = {} if tools else {choice or "mcp": []}
        for tool in tools:
            groups.setdefault(tool.dialect(choice).name, []).append(tool)
        for name, members in groups.items():
            yield Group(DIALECTS[name], members, tools, prefix)


def _judged(group: Group, ignore: Collection[str]) -> Iterator[tuple[Listed | None, Finding]]:
    for rule in RULES:
        severity = rule.severity(group.dialect.name)
        if severity and rule.id not in ignore:
            for found in _bounded(rule.check(group)):
                yield found[0], _finding(rule, severity, group, found)


def _bounded(found: Iterable[Found]) -> Iterator[Found]:
    """Yield the first of many findings alike in one tool, and the last with a count of the rest."""
    seen: Counter[int] = Counter()
    last: dict[int, Found] = {}
    for item in found:
        tool = id(item[0])
        seen[tool] += 1
        if seen[tool] < MAX_ALIKE:
            yield item
        last[tool] = item
    for tool, (listed, place, detail) in last.items():
        if (more := seen[tool] - MAX_ALIKE) >= 0:
            yield listed, place, f"{detail}, and {more} more like it" if more else detail


def _finding(rule: Rule, severity: Severity, group: Group, found: Found) -> Finding:
    tool, place, detail = found
    files = {listed.file for listed in ([tool] if tool else group.whole)}
    return Finding(
        severity=severity,
        rule=rule.id,
        tool=shown(tool.name) if tool and tool.name else "",
        file=files.pop() if len(files) == 1 else "",
        path=json_path(place),
        providers=(group.dialect.name,),
        detail=detail,
        why=rule.why,
        mend=rule.mend,
        sources=rule.sources,
    )


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
