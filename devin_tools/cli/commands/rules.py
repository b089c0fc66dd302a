"""`rules`: check a file of rules, try it on an event, and print its schema. Nothing is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError
from ...text.visible import visible
from ..input_files import read_bytes, read_text
from ..listed_group import SuggestingGroup
from ..options import Options
from ..shared_options import json_flag
from ..terminal import for_people, print_json, tell

if TYPE_CHECKING:
    from ...pipelines.plans import Plan
    from ...pipelines.rule_models import Rules

MEGABYTES = 4
"""The most that a file of rules or an event may hold."""


@click.group("rules", cls=SuggestingGroup)
def command() -> None:
    """Check rules that start sessions for events, and try them."""


@command.command("check")
@click.argument("file")
@json_flag
@click.pass_obj
def check(options: Options, file: str, as_json: bool) -> None:
    """Check a file of rules: report errors with their place, and what is probably not meant."""
    from ...pipelines.rule_files import doubts

    rules = rules_in(options, file)
    found = doubts(rules)
    if for_people(as_json):
        tell("checked", f"{len(rules.rules)} rules, {len(rules.templates)} templates of their own")
        for doubt in found:
            tell("warning", doubt, "yellow")
    else:
        print_json({"rules": [rule.name for rule in rules.rules], "warnings": found})


@command.command("try")
@click.argument("file")
@click.argument("event")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="A header that comes with it.")
@click.option("--reader", metavar="NAME", help="Read the event as this; left out, its form is recognised.")
@json_flag
@click.pass_obj
def try_(
    options: Options, file: str, event: str, headers: tuple[str, ...], reader: str | None, as_json: bool
) -> None:
    """Show which rule fires for an event, why others do not, and what would be sent.

    EVENT is a file with the body as a vendor sends it, or - for standard input. Nothing is sent, and
    no key is needed.
    """
    from ...pipelines.events import read_event
    from ...pipelines.plans import plan

    rules, body = rules_in(options, file), read_bytes(event, MEGABYTES)
    read = read_event(dict(map(_pair, headers)), body, options.catalog.readers, reader=reader)
    plans = [plan(alert, rules, now=time.time()) for alert in read.alerts]
    shown = [_shown(options, each) for each in plans]
    if for_people(as_json):
        _print(read.reader, shown)
        for note in read.notes:
            tell("note", note)
        for one in read.unread:
            tell("unreadable", f"{one['path']} {one['reason']}", "yellow")
    else:
        more = {"unread": [dict(one) for one in read.unread], "notes": list(read.notes)}
        print_json({"reader": read.reader, "alerts": shown} | more)


@command.command("schema")
def schema_() -> None:
    """Print the JSON Schema of the file, for editors."""
    from ...pipelines.rule_files import schema

    print_json(schema())


def rules_in(options: Options, file: str) -> Rules:
    """Read a file of rules; raise `UsageError` or `BadRules` for one that is wrong."""
    from ...pipelines.rule_files import load_rules

    return load_rules(read_text(file, MEGABYTES), options.catalog.sinks)


def _pair(header: str) -> tuple[str, str]:
    name, equals, value = header.partition("=")
    if not equals or not name:
        raise UsageError("A header is given as NAME=VALUE.", hint="Such as --header X-GitHub-Event=issues.")
    return name, value


def _shown(options: Options, plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data, with the request that its call would send."""
    from ...client.preview import preview

    shown = None if plan.call is None else preview(plan.call, options.settings).model_dump(mode="json")
    return {
        "alert": plan.alert.model_dump(mode="json"),
        "action": plan.action,
        "reason": plan.reason,
        "rule": plan.rule.name if plan.rule else None,
        "passed_over": [{"rule": each.rule, "reasons": list(each.reasons)} for each in plan.skipped_rules],
        "taken_out": list(plan.notes),
        "tell": list(plan.sinks),
        "message": plan.message,
        "preview": shown,
    }


def _print(reader: str, alerts: list[dict[str, Any]]) -> None:
    from ..render import show_facts

    if not alerts:
        tell("read", f"{reader} knows the event, and finds nothing in it to act on")
    for shown in alerts:
        alert = shown["alert"]
        facts = {name: str(alert[name]) for name in ("name", "severity", "source", "signal", "resource")}
        facts |= {f"not {each['rule']}": "; ".join(each["reasons"]) for each in shown["passed_over"]}
        facts |= {
            "action": f"{shown['action']}: {shown['reason']}",
            "tell": ", ".join(shown["tell"]) or "nobody",
        }
        show_facts({"reader": reader} | facts)
        for note in shown["taken_out"]:
            tell("taken out", note, "yellow")
        if shown["message"]:
            click.echo(visible(shown["message"]))
        for request in (shown["preview"] or {"requests": []})["requests"]:
            click.echo(visible(f"{request['method']} {request['url']}"))
            if request["body"]:
                print_json(request["body"])
