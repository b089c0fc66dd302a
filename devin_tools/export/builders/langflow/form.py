"""The inputs and outputs of a component, as data: what Langflow's own classes are made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from ....settings import DEFAULT_BASE_URL, VARIABLES
from ....spec import Spec
from ..fields import CONFIRM, CONFIRM_HELP, Field, fields_of, label_of

NOT_SENT = "not sent"
"""The option that stands for no choice."""

CONNECTION = {"devin_api_key": "api_key", "devin_org_id": "org_id", "devin_base_url": "base_url"}
"""The setting that each input is for. The names are long so that no field of a tool has them."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a component."""

    kind: str
    """The name of Langflow's class for it."""

    options: Mapping[str, Any]
    """What that class is made with."""

    field: Field | None = None
    """The tool's field that it fills."""

    @property
    def name(self) -> str:
        """Return the name by which flows and tweaks set it."""
        return str(self.options["name"])


@dataclass(frozen=True, slots=True)
class Port:
    """An output that is one text of the tool's output."""

    name: str
    label: str
    property: str


def connection_inputs(spec: Spec) -> list[Input]:
    """List the inputs for the account, and for consent where a call can need it."""
    inputs = [
        _input("SecretStrInput", "devin_api_key", "API key", KEY_HELP, value=VARIABLES["api_key"]),
        _input("StrInput", "devin_org_id", "Organization", ORG_HELP, advanced=True),
        _input("StrInput", "devin_base_url", "Base URL", BASE_HELP, advanced=True),
    ]
    if spec.effect.needs_consent:
        inputs.append(_input("BoolInput", CONFIRM, "Confirmed", CONFIRM_HELP, advanced=True, value=False))
    return inputs


KEY_HELP = f"A global variable with the key of a Devin organization. Empty: {VARIABLES['api_key']}."
ORG_HELP = f"The organization. Empty: {VARIABLES['org_id']}, or the only one the key reaches."
BASE_HELP = f"The API's host. Empty: {VARIABLES['base_url']}, or {DEFAULT_BASE_URL}."


def tool_inputs(spec: Spec, taken: Collection[str] = ()) -> list[Input]:
    """List an input for every field; `taken` are the names that components have for themselves."""
    is_for_models = not spec.missing_from_models
    return [_of_field(field, taken, is_for_models) for field in fields_of(spec)]


def _of_field(field: Field, taken: Collection[str], is_for_models: bool) -> Input:
    kind, options = _kind(field)
    if kind not in ("SecretStrInput", "MultilineSecretInput"):
        options["tool_mode"] = is_for_models and not field.is_user_only
    clashes = field.name in {*taken, *CONNECTION, CONFIRM} or field.name.startswith("output_")
    options |= {"required": field.is_required, "advanced": not field.is_required}
    about = f"{field.description} {options.pop('also', '')}".strip()
    return _input(kind, f"{field.name}_" if clashes else field.name, field.label, about, field, **options)


def _kind(field: Field) -> tuple[str, dict[str, Any]]:
    """Choose the class of an input, and what is particular to it."""
    if field.is_secret:
        return ("SecretStrInput" if field.kind == "text" else "MultilineSecretInput"), {"load_from_db": False}
    if field.kind == "flag":
        return _choice(field, ["true", "false"])
    if field.kind == "choice":
        return _choice(field, [str(option) for option in field.options])
    if field.kind == "choices":
        return "MultiselectInput", {"options": [str(option) for option in field.options], "value": []}
    if field.kind == "texts":
        return "MessageTextInput", {"is_list": True, "also": "One `[]` sends an empty list."}
    if field.kind == "json":
        return "MultilineInput", {"also": "As JSON."}
    if field.kind in ("integer", "number"):
        return _number(field)
    if field.options:
        return "DropdownInput", {"options": [str(one) for one in field.options], "combobox": True}
    return ("MultilineInput" if field.is_long else "MessageTextInput"), {}


def _choice(field: Field, options: list[str]) -> tuple[str, dict[str, Any]]:
    if field.is_required:
        return "DropdownInput", {"options": options}
    return "DropdownInput", {"options": [NOT_SENT, *options], "value": NOT_SENT}


def _number(field: Field) -> tuple[str, dict[str, Any]]:
    """Langflow reads a number that was left empty as 0, so where 0 means something the input is a text."""
    if not field.is_required and Draft202012Validator(dict(field.schema)).is_valid(0):
        also = "A day, a date and time, or Unix seconds." if field.is_time else "A number."
        return "MessageTextInput", {"also": also}
    kind = "IntInput" if field.kind == "integer" else "FloatInput"
    return kind, {} if field.is_required else {"value": 0, "also": f"0: {NOT_SENT}."}


def _input(kind: str, name: str, label: str, about: str, field: Field | None = None, **options: Any) -> Input:
    entry = {"name": name, "display_name": label, "info": about} | options
    return Input(kind, entry, field)


def ids_of(spec: Spec) -> list[Port]:
    """List the ids that an output always has: other components take texts, not JSON."""
    properties = spec.output_schema.get("properties", {})
    return [
        Port(f"output_{name}", label_of(name), name)
        for name in spec.output_schema.get("required", ())
        if name.endswith("_id") and properties[name].get("type") == "string"
    ]
