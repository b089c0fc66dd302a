"""The generated tables of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType

from .. import api, errors, tasks
from ..export.quoting import markdown_text
from ..settings import VARIABLES
from ..spec import Spec

MEANING = {
    "api_key": "The key: a service user key or personal access token (`cog_...`).",
    "org_id": "The organisation (`org-...`). Read once from the API when left out.",
    "base_url": "The API's host, for dedicated deployments. Default: `https://api.devin.ai`.",
    "max_tries": "How many times one request may be sent after faults, the first included. Default: 5.",
    "max_retry_seconds": "How long all tries of one request may take together. Default: 300.",
    "tag_creates": "0: created sessions carry no tag of their own; ambiguous creates are reported.",
    "read_only": "1: refuse every tool that changes something.",
    "allowed_tools": "Refuse every tool but these, with commas between the names.",
    "denied_tools": "Refuse these tools, with commas between the names.",
    "max_acu": "The highest ACU limit of a session; given to those without. What takes none is refused.",
    "default_acu": "The ACU limit of sessions created without one.",
    "max_sessions": "The most sessions one client may start; what starts them again and again is refused.",
    "allow_unbounded": "1: let pass what those ceilings cannot hold; offer models what repeats by itself.",
    "file_root": "The folder that files may be sent from and saved into. Default: the working folder.",
    "download_folder": "The folder in it that files are saved into. Default: `devin-downloads`.",
    "file_overwrite": "1: a file that is saved may replace one that is there.",
    "confirm": "1: refuse tools that spend ACUs or destroy, unless they are confirmed.",
    "dry_run": "1: send nothing; each call is refused, and the refusal says what it would have sent.",
}


def tool_table(specs: Sequence[Spec]) -> str:
    """List every tool with its effect and summary, under the name of its resource."""
    return "\n\n".join(_section(name, group) for name, group in by_resource(specs).items())


def resource_table(specs: Sequence[Spec]) -> str:
    """List the resources with the tools of each."""
    rows = ["| resource | tools |", "| --- | --- |"]
    for name, group in by_resource(specs).items():
        rows.append(f"| {_words(name)} | {', '.join(f'`{spec.name}`' for spec in group)} |")
    return "\n".join(rows)


def by_resource(specs: Iterable[Spec]) -> dict[str, list[Spec]]:
    """Gather the tools of each resource."""
    groups: dict[str, list[Spec]] = {}
    for spec in specs:
        groups.setdefault(spec.resource, []).append(spec)
    return groups


def _section(name: str, specs: Sequence[Spec]) -> str:
    rows = [f"## {_words(name).capitalize()}", "", "| tool | effect | what it does |", "| --- | --- | --- |"]
    for spec in specs:
        effect = markdown_text(str(spec.effect)) + (", beta" if spec.beta else "")
        rows.append(f"| `{spec.name}` | {effect} | {markdown_text(spec.summary)} |")
    return "\n".join(rows)


def _words(name: str) -> str:
    return name.replace("_", " ")


def setting_table(specs: Sequence[Spec]) -> str:
    """List the environment variables of the settings."""
    rows = ["| variable | meaning |", "| --- | --- |"]
    rows += [f"| `{variable}` | {MEANING[name]} |" for name, variable in VARIABLES.items()]
    return "\n".join(rows)


def model_imports(specs: Sequence[Spec]) -> str:
    """Import errors, and the calls and outputs of both packages, as type checkers want it."""
    raised = [name for name in errors.__all__ if name[0].isupper()]
    homes = {"api": api.MODELS, "errors": raised, "tasks": tasks.MODELS}
    return "\n".join(
        f"    from .{home} import {name} as {name}"
        for home, names in homes.items()
        for name in sorted(names, key=_in_order)
    )


def module_imports(package: ModuleType, specs: Sequence[Spec]) -> str:
    """Import what the modules of a package of declarations define, as type checkers want it."""
    return "\n".join(f"    from .{module.__name__.rpartition('.')[2]} import *" for module in package.MODULES)


def _in_order(name: str) -> tuple[bool, bool, str]:
    """Sort names as the linter sorts what is imported: constants, classes, the rest."""
    return not name.isupper(), not name[0].isupper(), name.lower()
