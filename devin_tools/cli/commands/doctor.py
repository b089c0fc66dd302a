"""`doctor`: which settings are found, which plugins are there, and whether the API answers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any

import click

from ...errors import DevinToolsError, MissingSetting
from ...settings import DEFAULT_BASE_URL, RULES, VARIABLES
from ...text.encoding import decoded
from ...text.suggestions import did_you_mean
from ...version import __version__
from ..errors import show_error, unexpected
from ..exit_codes import OK, exit_code
from ..options import Options, connect
from ..shared_options import json_flag
from ..terminal import for_people, print_json

NO_ORGANIZATION = "Set DEVIN_ORG_ID (it looks like org-...); only tools of the enterprise work without it."


@dataclass
class Diagnosis:
    """What was found, and what stops calls from working."""

    facts: dict[str, Any] = field(default_factory=dict)
    errors: list[DevinToolsError] = field(default_factory=list)

    def look(self, name: str, find: Callable[[], Any]) -> None:
        """Add a fact, or the error met while looking for it; look no further after an error."""
        self.facts[name] = None
        if not self.errors:
            try:
                self.facts[name] = find()
            except DevinToolsError as error:
                self.errors.append(error)
            except Exception as fault:  # whatever is wrong with a machine, the rest is shown
                self.errors.append(unexpected(fault))


def diagnose(options: Options) -> Diagnosis:
    """Look at settings, plugins and the API."""
    found = Diagnosis({"version": __version__, "simulated": options.simulate})
    found.look("plugins", lambda: _plugins(options))
    found.look("settings", lambda: _settings(options))
    found.look("rules", lambda: _rules(options))
    if not found.errors:
        _tell_of_slips(options)
    found.facts["machine"] = _machine(options, found)
    found.look("self", lambda: _self(options, found))
    return found


def _plugins(options: Options) -> list[dict[str, str]]:
    """List the plugins of other distributions, and what became of each."""
    from ...catalog import BUILT_IN, PLUGINS_VARIABLE, named_plugins
    from ...hookspecs import ENTRY_POINT_GROUP

    names = named_plugins()
    skipped = {problem.plugin: problem.reason for problem in options.catalog.problems}
    points = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name)
    found = []
    for point in points:
        if BUILT_IN.get(point.name) == point.value:
            continue
        state = "loaded" if names is None or point.name in names else f"left out by {PLUGINS_VARIABLE}"
        if point.name in skipped:
            state = f"skipped: {skipped[point.name]}"
        distribution = point.dist.name if point.dist else "unknown"
        found.append({"name": point.name, "distribution": distribution, "state": state})
    return found


def _settings(options: Options) -> dict[str, dict[str, str | None]]:
    settings, sources = options.settings, options.settings.sources
    org_source = sources.get("org_id", "not set: it is read from the API")
    url = None if options.simulate else settings.base_url
    return {
        "api_key": {"kind": settings.key_kind, "source": sources.get("api_key", "not set")},
        "org_id": {"value": settings.org_id, "source": org_source},
        "base_url": {"value": url, "source": sources.get("base_url", "default")},
    }


def _rules(options: Options) -> dict[str, dict[str, Any]]:
    """List what calls may do, and where each rule was set."""
    settings = options.settings
    return {
        name: {"value": getattr(settings, name), "source": settings.sources.get(name, "default")}
        for name in RULES
    }


def _tell_of_slips(options: Options) -> None:
    """Warn of variables that are nearly those of settings: nothing reads them, and a limit may be one."""
    text = decoded(options.env_file.read_bytes()) if options.env_file else ""
    given = {*os.environ, *IN_FILE.findall(text)} - {*VARIABLES.values()}
    for name in sorted(name for name in given if name.startswith("DEVIN_")):
        if meant := did_you_mean(name, VARIABLES.values()):
            options.tell("warning", f"No setting is read from {name}. {meant}")


IN_FILE = re.compile(r"^\s*(?:export\s+)?(DEVIN_[A-Z0-9_]{1,40})\s*=", re.MULTILINE | re.ASCII)
"""A variable in a file of settings."""


def _machine(options: Options, found: Diagnosis) -> list[dict[str, str | None]]:
    """List the variables of proxies and certificates; the simulator uses none."""
    from ...client.environment import report

    if options.simulate:
        return []
    base_url = DEFAULT_BASE_URL if found.facts["settings"] is None else options.settings.base_url
    rows, problems = report(base_url)
    found.errors += problems
    return [row._asdict() for row in rows]


def _self(options: Options, found: Diagnosis) -> dict[str, Any]:
    from ...api.account import GetSelf

    with connect(options) as client:
        principal = client.run(GetSelf())
    ours, theirs = options.settings.org_id, principal.org_id
    if ours is None and theirs is None:
        message = "The organisation is not set, and the API does not name one for this key."
        found.errors.append(MissingSetting(message, hint=NO_ORGANIZATION))
    if ours and theirs and ours.replace("_", "-") != theirs.replace("_", "-"):
        message = "The organisation is set to another one than the key belongs to."
        found.errors.append(MissingSetting(message, hint="Correct DEVIN_ORG_ID, or leave it out."))
    return principal.model_dump(mode="json")


@click.command("doctor")
@json_flag
@click.pass_context
def command(ctx: click.Context, /, as_json: bool) -> None:
    """Show which settings are found and whether the API answers."""
    options = ctx.ensure_object(Options)
    found = diagnose(options)
    if for_people(as_json):
        _show(found)
    else:
        errors = [error.as_dict("cli") for error in found.errors]
        print_json({**found.facts, "ok": not errors, "errors": errors})
    for error in found.errors:
        show_error(error, json_errors=options.json_errors)
    ctx.exit(exit_code(found.errors[0]) if found.errors else OK)


def _show(found: Diagnosis) -> None:
    from ..render import show_facts

    lines: dict[str, str] = {"devin-tools": found.facts["version"]}
    for name, setting in (found.facts["settings"] or {}).items():
        value = setting.get("kind") or setting.get("value") or ""
        lines[name] = f"{value} ({setting['source']})".strip()
    for name, rule in (found.facts["rules"] or {}).items():
        lines[name] = f"{_rule_in_words(rule['value'])} ({rule['source']})"
    for row in found.facts["machine"]:
        lines[row["variable"]] = f"{row['value'] or ''} ({row['state']})".strip()
    for plugin in found.facts["plugins"] or []:
        lines[f"plugin {plugin['name']}"] = f"{plugin['distribution']}, {plugin['state']}"
    lines["API"] = "was not reached, or did not answer"
    if (who := found.facts["self"]) is not None:
        name = who["service_user_name"] or who["user_name"] or "no name"
        organisation = who["org_id"] or "no single organisation"
        lines["API"] = f"answers: {who['principal_type']} ({name}) of {organisation}"
    show_facts(lines)


def _rule_in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, str):
        return value
    return "no limit" if value is None else f"{value:g}"
