"""The block: one for all tools, with a menu of operations and the inputs of each, as Sim describes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic.alias_generators import to_camel

from ....spec import Spec
from ..fields import Field, label_of, operation_of
from .declarations import SIM_TOOLS, declaration_of, in_order
from .outputs import parts_of
from .params import API_KEY, OPERATION, ORG_ID, param_of
from .tools import (
    SERVER_TOKEN,
    SERVER_URL,
    about_part,
    account_params,
    fields_shown,
    in_sim_names,
    reading_of,
)

ACCOUNT_BLOCKS: dict[str, dict[str, Any]] = {
    API_KEY: {"title": "API Key", "placeholder": "cog_...", "password": True},
    ORG_ID: {"title": "Organization ID", "placeholder": "org-..."},
    SERVER_URL: {"title": "Server URL", "placeholder": "http://127.0.0.1:8765"},
    SERVER_TOKEN: {"title": "Server Token", "placeholder": "Of devin-tools serve", "password": True},
}

TYPES = {
    "flag": "dropdown",
    "choice": "dropdown",
    "choices": "dropdown",
    "json": "code",
    "texts": "code",
}
"""How a field is asked for; everything else on one line, or on several."""

INPUTS = {"integer": "number", "number": "number", "json": "json", "texts": "array", "choices": "array"}


@dataclass
class BlockInput:
    """One input of the block, and the operations it is for."""

    id: str
    shown: Field
    reading: str
    spec: Spec
    """The first tool that asks for it."""
    operations: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)

    @property
    def form(self) -> tuple[Any, ...]:
        """What must be the same for two tools to share an input."""
        one = self.shown
        return one.name, self.reading, one.is_long, one.is_secret, one.options, repr(one.default)


def block_for_sim(specs: Sequence[Spec]) -> dict[str, Any]:
    """Describe the block as Sim does, as plain data."""
    specs = in_order(specs)
    asked = _block_inputs(specs)
    return {
        "type": "devin",
        "name": "Devin",
        "description": "Autonomous AI software engineer",
        "longDescription": "Start sessions of Devin, follow them, and manage all that its API manages.",
        "category": "tools",
        "integrationType": "devops",
        "authMode": "api_key",
        "bgColor": "#1f2430",
        "subBlocks": [_operations(specs), *_accounts(specs), *(_sub_block(one, specs) for one in asked)],
        "tools": {
            "access": [spec.name for spec in specs],
            "config": {
                "tool": {operation_of(spec): spec.name for spec in specs},
                "params": {one.id: _passed(one) for one in asked if _passed(one)},
            },
        },
        "inputs": _inputs(specs, asked),
        "outputs": _outputs(specs),
    }


def _operations(specs: Sequence[Spec]) -> dict[str, Any]:
    options = [
        {
            "label": spec.title.title(),
            "id": operation_of(spec),
            "group": label_of(spec.resource),
            "description": in_sim_names(spec, spec.summary),
        }
        for spec in specs
    ]
    first = {"defaultValue": options[0]["id"]} if options else {}
    return {"id": OPERATION, "title": "Operation", "type": "dropdown", "options": options, **first}


def _accounts(specs: Sequence[Spec]) -> Iterable[dict[str, Any]]:
    for name, entry in ACCOUNT_BLOCKS.items():
        names = [operation_of(spec) for spec in specs if name in account_params(spec)]
        if names:
            condition = _condition(names, specs)
            yield {"id": name, "type": "short-input", **entry, "required": True, **condition}


def _block_inputs(specs: Sequence[Spec]) -> list[BlockInput]:
    """Gather the inputs: tools share one where it is asked for in the same form."""
    by_form: dict[tuple[Any, ...], BlockInput] = {}
    taken: set[str] = {OPERATION, *ACCOUNT_BLOCKS}
    for spec in specs:
        for each in fields_shown(spec):
            new = BlockInput("", each, reading_of(spec, each), spec)
            own = declaration_of(spec).block.get(each.name)
            form = (own, *new.form)
            is_sims = spec.name in SIM_TOOLS
            if form in by_form and each.is_required and not by_form[form].required and not is_sims:
                form = (*form, "required")  # the other is of the advanced kind, which would hide it
            one = by_form.setdefault(form, new)
            if not one.id:
                one.id = own or _free(spec, each, taken)
                taken.add(one.id)
            one.operations.append(operation_of(spec))
            one.required += [operation_of(spec)] if each.is_required else []
    return list(by_form.values())


def _free(spec: Spec, one: Field, taken: set[str]) -> str:
    """Choose an id: the parameter's, or one with the resource or operation where that is taken."""
    names = (one.name, f"{spec.resource}_{one.name}", f"{operation_of(spec)}_{one.name}")
    return next(name for name in map(to_camel, names) if name not in taken)


def _condition(names: Sequence[str], specs: Sequence[Spec]) -> dict[str, Any]:
    return {} if len(names) == len(specs) else {"condition": _when(names)}


def _when(names: Sequence[str]) -> dict[str, Any]:
    return {"field": OPERATION, "value": names[0] if len(names) == 1 else list(names)}


def _sub_block(one: BlockInput, specs: Sequence[Spec]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "title": one.shown.label.title(), "type": _type(one)}
    entry["placeholder"] = in_sim_names(one.spec, one.shown.description).partition(". ")[0].removesuffix(".")
    entry |= _choice(one)
    if one.shown.is_secret:
        entry["password"] = True
    if entry["type"] == "code":
        entry["language"] = "json"
    if one.required:
        entry["required"] = _when(one.required)
    else:
        entry["mode"] = "advanced"
    return entry | _condition(one.operations, specs)


def _type(one: BlockInput) -> str:
    if one.reading == "text" and one.shown.options:
        return "combobox"
    return TYPES.get(one.reading, "long-input" if one.shown.is_long else "short-input")


def _choice(one: BlockInput) -> dict[str, Any]:
    """Return the options of a menu. Where the tool has no default, the first one is not to send it."""
    if one.reading == "flag":
        options = [{"label": "No", "id": "false"}, {"label": "Yes", "id": "true"}]
        default = "" if one.shown.default is None else str(one.shown.default).lower()
    elif one.reading in ("choice", "choices") or one.shown.options:
        options = [{"label": str(option), "id": str(option)} for option in one.shown.options]
        default = "" if one.shown.default is None else str(one.shown.default)
    else:
        return {}
    if one.reading == "choices":
        return {"options": options, "multiSelect": True}
    is_unset = not default and not one.required and _type(one) == "dropdown"
    unset = [{"label": "Not set", "id": ""}] if is_unset else []
    return {"options": unset + options} | ({"defaultValue": default} if default or is_unset else {})


def _passed(one: BlockInput) -> dict[str, Any]:
    """Return which parameter an input becomes and what it is read as, where that is not its text as it is."""
    renamed = {"param": param_of(one.shown.name)} if one.id != param_of(one.shown.name) else {}
    return renamed | ({} if one.reading in ("text", "tags", "choice") else {"as": one.reading})


def _inputs(specs: Sequence[Spec], asked: Sequence[BlockInput]) -> dict[str, Any]:
    names = dict.fromkeys(name for spec in specs for name in account_params(spec))
    accounts = {name: {"type": "string", "description": ACCOUNT_BLOCKS[name]["title"]} for name in names}
    return accounts | {
        one.id: {
            "type": INPUTS.get(one.reading, "string"),
            "description": in_sim_names(one.spec, one.shown.description),
        }
        for one in asked
    }


def _outputs(specs: Sequence[Spec]) -> dict[str, Any]:
    """Gather the outputs; where tools differ on a type, that of Sim's own tools holds, or none."""
    found: dict[str, dict[str, Any]] = {}
    for spec in specs:
        for part in parts_of(spec):
            kind = "json" if part.type in ("array", "object") else part.type
            entry = found.setdefault(
                part.key, {"type": kind, "description": about_part(spec, part), "of": []}
            )
            entry["of"].append(spec)
            if entry["type"] != kind and declaration_of(entry["of"][0]) == declaration_of(spec):
                entry["type"] = "any"
    for entry in found.values():
        entry |= _condition([operation_of(spec) for spec in entry.pop("of")], specs)
    return found
