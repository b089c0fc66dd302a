"""A tool's input as the fields of a form: what builders and pages show a person who fills it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...errors import BadDeclaration, Hint
from ...schemas.traversal import holds_secret
from ...settings import VARIABLES
from ...spec import Spec
from ..providers.names import FAMILY
from ..providers.variants import whole

Kind = Literal["text", "integer", "number", "flag", "choice", "choices", "texts", "json"]
"""How a field is filled: `choices` and `texts` are lists, `json` is whatever has no simpler form."""

LONG_TEXTS = frozenset({"body", "description", "message", "prompt", "template"})
"""Fields that hold paragraphs, so that a form gives them room."""

ACRONYMS = {"acu": "ACU", "acus": "ACUs", "id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "pr": "PR"}


CONFIRM = "devin_confirm"
"""The field by which a person consents to a call, where the settings ask for that."""
CONFIRM_HELP = (
    "Agree to what this spends, destroys, administers or shows, where "
    f"{VARIABLES['confirm']} asks for consent."
)

REFERENCES = {
    "Dify": r"\{\{#",
    "n8n": r"^=",
    "Node-RED": r"^\$[({].*[)}]$",
    "Sim": r"\{\{|<[^<>]*\.[^<>]*>",
}
"""What a builder takes for a reference or an expression where it expects a value; none has an escape."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    description: str
    kind: Kind
    is_required: bool
    is_user_only: bool
    """Whether only a person may fill it, never a model."""
    is_secret: bool
    """Whether its value, or a part of it, is a secret."""
    is_long: bool
    default: Any
    """What the tool takes when the field is left out; `None` when nothing is said."""
    options: tuple[Any, ...]
    """The values there are, of a choice; of a text, values that are known, beside which others are right."""
    minimum: float | None
    maximum: float | None
    pattern: str | None
    is_time: bool
    """Whether it is a time, which a day or a date and time as text means too."""
    where: Literal["path", "query", "body", "file", "nowhere"] | None
    """Where its value travels; `None` for a tool without a request of its own."""
    wire: str
    """Its name on the wire."""
    prefix: str
    """What an id has before it on the wire."""
    keeps_slashes: bool
    """Whether, in a path, the slashes of its value separate segments."""
    schema: Mapping[str, Any] = field(repr=False)
    """The schema of its value, with no reference and without null."""

    @property
    def is_made_of_parts(self) -> bool:
        """Whether every value of it is a list or an object."""
        return _is_made_of_parts(self.schema)


def fields_of(spec: Spec) -> list[Field]:
    """List a tool's fields: the required ones first, each group in the order of its declaration."""
    schema = whole(spec)
    required = schema.get("required", ())
    made = [_field(spec, name, part, name in required) for name, part in schema["properties"].items()]
    return sorted(made, key=lambda one: not one.is_required)


def _field(spec: Spec, name: str, schema: Mapping[str, Any], is_required: bool) -> Field:
    place = next((place for place in spec.places if place.field == name), None)
    kind = _kind(schema)
    is_number = kind in ("integer", "number")
    return Field(
        name=name,
        label=label_of(name),
        description=schema.get("description", ""),
        kind=kind,
        is_required=is_required,
        is_user_only=name in spec.user_only,
        is_secret=holds_secret(schema),
        is_long=kind == "text" and name in LONG_TEXTS,
        default=schema.get("default"),
        options=_options(schema, kind),
        minimum=_bound(schema, "minimum", "exclusiveMinimum") if is_number else None,
        maximum=_bound(schema, "maximum", "exclusiveMaximum") if is_number else None,
        pattern=schema.get("pattern"),
        is_time=name in spec.times,
        where=place.where if place else None,
        wire=place.wire if place else name,
        prefix=place.prefix if place else "",
        keeps_slashes=place is not None and place.where == "path" and place.keeps_slashes,
        schema=schema,
    )


def _is_made_of_parts(schema: Mapping[str, Any]) -> bool:
    if forms := schema.get("anyOf") or schema.get("oneOf"):
        return all(_is_made_of_parts(form) for form in forms)
    return schema.get("type") in ("array", "object")


SIMPLE: dict[str, Kind] = {"string": "text", "integer": "integer", "number": "number", "boolean": "flag"}


def _kind(schema: Mapping[str, Any]) -> Kind:
    if "enum" in schema:
        return "choice"
    name = schema.get("type")
    if name == "array":
        items = schema.get("items", {})
        return "choices" if "enum" in items else "texts" if items.get("type") == "string" else "json"
    return SIMPLE.get(name, "json") if isinstance(name, str) else "json"


def _options(schema: Mapping[str, Any], kind: Kind) -> tuple[Any, ...]:
    if kind == "choices":
        return tuple(schema["items"]["enum"])
    values: Sequence[Any] = schema.get("enum") or (schema.get("examples", ()) if kind == "text" else ())
    return tuple(values) if kind == "choice" or len(values) > 1 else ()


def _bound(schema: Mapping[str, Any], *names: str) -> float | None:
    return next((schema[name] for name in names if name in schema), None)


def label_of(name: str) -> str:
    """Write a name as people read it: `max_acu_limit` is `Max ACU limit`."""
    words = [ACRONYMS.get(word, word) for word in name.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def operation_of(spec: Spec) -> str:
    """Name a tool in the menu of a builder: its id without what all have in common."""
    return spec.name.removeprefix(FAMILY)


def require_constants(builder: str, specs: Sequence[Spec], written: Callable[[Field], Iterable[Any]]) -> None:
    """Raise `BadDeclaration` for a value of a field that a builder would evaluate.

    `written` gives the options and defaults of a field that the format writes as values.
    """
    for spec in specs:
        for one in fields_of(spec):
            if any(re.search(REFERENCES[builder], text) for text in _texts(written(one))):
                raise BadDeclaration(
                    f"{spec.name}: {builder} would evaluate an option or the default of {one.name}.",
                    hint=Hint(
                        "Choose another value in the declaration, or leave the tool out.",
                        cli="Choose another value in the declaration, or leave the tool out with --exclude.",
                    ),
                )


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from _texts(value)
