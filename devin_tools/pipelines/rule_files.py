"""Read a file of rules, check what it says, and describe it to editors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import ip_address
from socket import inet_aton
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from ..codec import reasons
from ..errors import BadRules
from ..hookspecs import Sink
from ..schemas.traversal import without_keywords
from ..text.suggestions import nearest
from .prompts import check_template
from .rule_models import Rules
from .strict_yaml import ParsedYaml, Place, parse_yaml

SHORT_RETRY, LONG_RETRY = 300, 86_400
"""Seconds of `retry_for` below and above which it is doubted."""

METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data"})
METADATA = frozenset({"fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"})
"""Where machines of clouds read their keys, beside the link-local addresses."""


def load_rules(text: str, sinks: Mapping[str, Sink] | None = None) -> Rules:
    """Return the rules of a file; with the kinds of sinks that there are, their settings are checked too.

    Raises `BadRules` that names line and field, and repeats no value; `UsageError` when the extra
    `pipelines` is not installed.
    """
    source = parse_yaml(text)
    try:
        rules = Rules.model_validate(source.value)
    except ValidationError as error:
        found = _refused(error)
    else:
        # what no single field can see: names that stand for something elsewhere, and the templates
        found = [*_wrong_names(rules), *_wrong_templates(rules)]
        found += [] if sinks is None else _wrong_sinks(rules, sinks)
        if not found:
            return rules
    raise _bad(source, found)  # out here, so that it keeps no hold of the rejected values


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file, for editors."""
    made = without_keywords(Rules.model_json_schema(by_alias=False), _is_noise)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | made


def _is_noise(keyword: str, value: Any) -> bool:
    """Return whether pydantic adds a keyword that no editor needs: titles, and defaults of nothing."""
    return keyword == "title" or (keyword == "default" and (value is None or isinstance(value, dict)))


Fault = tuple[Place, str]
"""Where something is wrong, and what."""


def _refused(error: ValidationError) -> list[Fault]:
    items = zip(error.errors(include_url=False, include_input=False), reasons(error), strict=True)
    return [
        (item["loc"], _unknown(item["loc"]) if item["type"] == "extra_forbidden" else one["reason"])
        for item, one in items
    ]


def _unknown(place: Place) -> str:
    """Return what is wrong with an unknown field, and which one of a rules file may be meant."""
    near = nearest(str(place[-1]), _field_names())
    return "is not a field of rules" + (f" (did you mean {' or '.join(near)}?)" if near else "")


@cache
def _field_names() -> list[str]:
    whole = schema()
    parts = [whole, *whole.get("$defs", {}).values()]
    return [name for part in parts for name in part.get("properties", {})]


def _bad(source: ParsedYaml, faults: list[Fault]) -> BadRules:
    if any(not place for place, _ in faults):
        return BadRules("The rules are not right: line 1: the file must hold version and rules.")
    found: list[dict[str, Any]] = [
        {"line": source.line(place), "path": _dotted(place), "reason": reason} for place, reason in faults
    ]
    found.sort(key=lambda item: item["line"])
    shown = "; ".join(f"line {item['line']}: {item['path']}: {item['reason']}" for item in found[:5])
    more = f"; and {len(found) - 5} more" if len(found) > 5 else ""
    return BadRules(f"The rules are not right: {shown}{more}.", details=found[:50])


def _wrong_names(rules: Rules) -> Iterator[Fault]:
    templates, sinks = sorted(rules.all_templates), sorted(rules.all_sinks)
    seen: set[str] = set()
    for number, rule in enumerate(rules.rules):
        place: Place = ("rules", number)
        if rule.name in seen:
            yield (*place, "name"), "an earlier rule has this name"
        seen.add(rule.name)
        if rule.template is not None and rule.template not in templates:
            yield (*place, "template"), f"is not a template; the templates are {', '.join(templates)}"
        for index, name in enumerate(rule.tell):
            if name not in sinks:
                yield (*place, "tell", index), f"is not a sink; the sinks are {', '.join(sinks)}"


def _wrong_templates(rules: Rules) -> Iterator[Fault]:
    for name, text in rules.templates.items():
        try:
            check_template(text, name)
        except BadRules as error:
            yield ("templates", name), error.message.rstrip(".")


def _wrong_sinks(rules: Rules, sinks: Mapping[str, Sink]) -> Iterator[Fault]:
    for name, settings in rules.sinks.items():
        place: Place = ("sinks", name)
        if settings.kind not in sinks:
            yield (*place, "kind"), f"is not a kind of sink; the kinds are {', '.join(sorted(sinks))}"
            continue
        try:
            sinks[settings.kind].settings.model_validate(settings.of_kind)
        except ValidationError as error:
            told = reasons(error, sinks[settings.kind].settings.model_fields)
            faults = [*zip(error.errors(include_input=False), told, strict=True)]
            yield from (((*place, *fault["loc"]), one["reason"]) for fault, one in faults)


def doubts(rules: Rules) -> list[str]:
    """Return what is allowed, and probably not meant."""
    return [*_doubted_rules(rules), *_doubted_sinks(rules)]


def _doubted_rules(rules: Rules) -> Iterator[str]:
    open_rule = next((rule.name for rule in rules.rules if rule.match.is_open), None)
    if open_rule is not None and rules.rules[-1].name != open_rule:
        yield f"The rules after {open_rule} are never asked: it matches every alert."
    for rule in (rule for rule in rules.rules if rule.start):
        if rule.session.max_acu_limit is None:
            unbounded = "nothing but your settings bounds what it spends"
            yield f"The rule {rule.name} sets no session.max_acu_limit: {unbounded}."
        if rule.retry_for < SHORT_RETRY:
            what = "of less than five minutes: an alert is lost while the API restarts"
        elif rule.retry_for > LONG_RETRY:
            late = "sessions start for alerts that are long over"
            what = f"of more than a day: {late}, and what waits takes the room of others"
        else:
            continue
        yield f"The rule {rule.name} sets a retry_for {what}."


def _doubted_sinks(rules: Rules) -> Iterator[str]:
    for name, settings in rules.sinks.items():
        for value in settings.of_kind.values():
            if isinstance(value, str) and (doubt := _doubt(value)):
                yield f"The sink {name} {doubt}."


def _doubt(value: str) -> str:
    """Return what is doubtful about an address or path in the settings of a sink."""
    try:
        host = (urlsplit(value).hostname or "").rstrip(".")
    except ValueError:
        return "has a URL that cannot be read"
    if "://" not in value:
        return "has a path that leads out of its folder" if ".." in re.split(r"[/\\]", value) else ""
    try:  # also 0xa9fea9fe, 2852039166 and 169.254.43518, which most programs take for an address
        address: Any = ip_address(inet_aton(host) if ":" not in host else host)
    except (OSError, ValueError):
        return "posts to the metadata of a cloud's machine" if host in METADATA_NAMES else ""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or str(address) in METADATA:
        return "posts to the metadata of a cloud's machine"
    return ""


def _dotted(place: Place) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.lstrip(".")
