"""The generated tables of the documentation."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import fields
from types import ModuleType

from .. import api, errors, tasks
from ..api.shared.discovery import exported, models_in
from ..export.quoting import markdown_text
from ..export.resources import by_resource
from ..settings import FILE_SETTINGS, MEANINGS, VARIABLES, Settings
from ..spec import Spec


def tool_table(specs: Sequence[Spec]) -> str:
    """List every tool with its effect and summary, under the name of its resource."""
    return "\n\n".join(_section(name, group) for name, group in by_resource(specs).items())


def resource_table(specs: Sequence[Spec]) -> str:
    """Count the tools of each subject: those of an organisation, and those of its enterprise."""
    subjects: dict[str, Counter[str]] = defaultdict(Counter)
    for spec in specs:
        subjects[spec.resource.removeprefix("enterprise_")][spec.scope] += 1
    rows = ["| subject | tools of an organisation | of an enterprise |", "| --- | ---: | ---: |"]
    for name, counts in sorted(subjects.items()):
        own, over_all = counts["organization"] + counts["outposts"], counts["enterprise"]
        rows.append(f"| {_words(name)} | {own or ''} | {over_all or ''} |")
    return "\n".join(rows)


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
    rows += [f"| `{variable}` | {MEANINGS[name]} |" for name, variable in VARIABLES.items()]
    return "\n".join(rows)


def setting_options(specs: Sequence[Spec]) -> str:
    """Declare the settings as keyword arguments, as type checkers want it."""
    declared = {one.name: str(one.type) for one in fields(Settings)}
    return "\n".join(f"        {name}: {_option(name, declared[name])}" for name in MEANINGS)


def _option(name: str, kind: str) -> str:
    wider = {"SecretStr | None": "SecretStr | str | None", "tuple[str, ...]": "Iterable[str]"}
    if name in FILE_SETTINGS and kind == "str":
        return "str | os.PathLike[str] | None"
    kind = wider.get(kind, wider.get(kind.removesuffix(" | None"), kind))
    return kind if kind.endswith("None") else f"{kind} | None"


def model_imports(specs: Sequence[Spec]) -> str:
    """Import errors, and the calls and outputs of both packages, as type checkers want it."""
    raised = [name for name in errors.__all__ if name[0].isupper()]
    homes = {"api": _models(api), "errors": raised, "tasks": _models(tasks)}
    return "\n".join(
        f"    from .{home} import {name} as {name}"
        for home, names in homes.items()
        for name in sorted(names, key=_in_order)
    )


def module_imports(package: ModuleType, specs: Sequence[Spec]) -> str:
    """Import what the modules of a package of declarations define, as type checkers want it."""
    return "\n".join(f"    from .{_within(package, module)} import *" for module in package.modules())


def name_table(specs: Sequence[Spec], *, of_models: bool) -> str:
    """List the names of each module of operations and tasks: its models, or what else it defines."""
    rows = []
    for module in (*api.modules(), *tasks.modules()):
        found = exported([module])
        models = models_in(found)
        if names := models if of_models else sorted(found.keys() - models):
            home = module.__name__.partition(".")[2]
            lines = textwrap.wrap(" ".join(names), 100, initial_indent=" " * 8, subsequent_indent=" " * 8)
            rows.append(f'    "{home}": """\n' + "\n".join(lines) + '\n    """,')
    return "\n".join(rows)


def _models(package: ModuleType) -> list[str]:
    return models_in(exported(package.modules()))


def _within(package: ModuleType, module: ModuleType) -> str:
    return module.__name__.removeprefix(f"{package.__name__}.")


def _in_order(name: str) -> tuple[bool, bool, str]:
    """Sort names as the linter sorts what is imported: constants, classes, the rest."""
    return not name.isupper(), not name[0].isupper(), name.lower()
