"""A tool's input as the fields of a form: what builders and pages show a person who fills it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...schemas.traversal import holds_secret
from ...spec import Spec
from ..providers.variants import whole

Kind = Literal["text", "integer", "number", "flag", "choice", "choices", "texts", "json"]
"""How a field is filled: `choices` and `texts` are lists, `json` is whatever has no simpler form."""

LONG_TEXTS = frozenset({"body", "description", "message", "prompt", "template"})
"""Fields that hold paragraphs, so that a form gives them room."""

ACRONYMS = {"acu": "ACU", "acus": "ACUs", "id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "pr": "PR"}


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
    where: Literal["path", "query", "body", "file", "nowhere"] | None
    """Where its value travels; `None` for a tool without a request of its own."""
    wire: str
    """Its name on the wire."""
    prefix: str
    """What an id has before it on the wire."""
    schema: Mapping[str, Any] = field(repr=False)
    """The schema of its value, with no reference and without null."""


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
        where=place.where if place else None,
        wire=place.wire if place else name,
        prefix=place.prefix if place else "",
        schema=schema,
    )


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
