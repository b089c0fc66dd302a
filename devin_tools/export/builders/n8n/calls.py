"""What the code of the nodes goes by: each operation's request, its fields, and how it takes effect once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ....api.shared.fields import MAX_TAGS
from ....api.shared.once import KEY_TAG, LOOKS
from ....schemas.traversal import Schema
from ....spec import Spec
from ....tool_index import own_spec
from ...openapi import CONFIRM_HEADER, path_of
from ..fields import Field, fields_of, operation_of
from ..held import held_fields
from ..responses import response_list
from .properties import Property, is_shown, name_of

MOST_SECONDS = 100_000_000_000
"""The bound of a time in Unix seconds (`UnixSeconds`), by which such a field is known."""

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T")
"""How the examples of a field begin that takes a moment as text."""

KEY = "idempotency_key"
"""The field by whose value a call adopts what an earlier one with the same value started."""

CHECKED = frozenset(
    {
        "additionalProperties",
        "anyOf",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
        "properties",
        "required",
        "type",
    }
)
"""What the nodes hold a value to before anything is sent."""


def calls_of(specs: Sequence[Spec]) -> dict[str, Any]:
    """Describe every operation of a node."""
    return {
        "key_tag": KEY_TAG,
        "looks": LOOKS,
        "most_tags": MAX_TAGS,
        "sessions": paging_of(own_spec("devin_list_sessions")),
        "messages": paging_of(own_spec("devin_list_session_messages")),
        "calls": {f"{spec.resource}.{operation_of(spec)}": call_of(spec) for spec in specs},
    }


def call_of(spec: Spec) -> Property:
    """Describe one operation."""
    fields = [field for field in fields_of(spec) if is_shown(spec, field)]
    made: Property = {
        "title": spec.title,
        "tool": spec.name,
        "effect": spec.effect.kind,
        "isRepeatable": spec.effect.is_idempotent,
        "once": _once(spec),
    }
    if spec.effect.spending and spec.effect.spending.limit and not spec.effect.spending.total:
        made["limit"] = spec.effect.spending.limit
    if spec.route is None or not spec.is_one_request:
        made |= {"method": "POST", "path": path_of(spec), "isServed": True}
        if spec.effect.needs_consent:
            made["consent"] = CONFIRM_HEADER
    else:
        rows = response_list(spec)
        made |= {"method": spec.route.method, "path": spec.route.template}
        made |= {"rows": rows.wire} if rows else {}
    if spec.is_one_request and spec.paging:
        made["paging"] = paging_of(spec)
        cursor = spec.paging.cursor_field
        fields = [field for field in fields if field.name not in (cursor, spec.paging.size_field)]
    made["fields"] = [_field(spec, field) for field in fields]
    return made


def paging_of(spec: Spec) -> Property:
    """Describe how a list goes on."""
    assert spec.paging is not None
    names = ("item_id", "wire_items", "cursor", "more", "style")
    fields = {field.name: field for field in fields_of(spec)}
    return {name: getattr(spec.paging, name) for name in names} | {
        "cursor_wire": fields[spec.paging.cursor_field].wire,
        "size": _field(spec, fields[spec.paging.size_field]),
    }


def _once(spec: Spec) -> str | None:
    """Return how one learns whether a call took effect that is not to be repeated; `None` for the others.

    `tag`: a session bears a tag of the call's own. `message`: it is among the messages of its session.
    `key`: the tools server finds it by its idempotency key. `nothing`: a person has to look.
    """
    if spec.effect.kind != "write" or spec.effect.is_idempotent:
        return None
    fields = {field.name for field in fields_of(spec)}
    if not spec.is_one_request:
        return "key" if KEY in fields else "nothing"
    if spec.effect.spending and spec.effect.spending.key:
        return "tag"
    messages = own_spec("devin_list_session_messages").route
    assert spec.route is not None and messages is not None
    return "message" if spec.route.template == messages.template else "nothing"


def _field(spec: Spec, field: Field) -> Property:
    made: Property = {
        "name": field.name,
        "label": field.label,
        "at": name_of(field) if field.is_required else f"additionalFields.{name_of(field)}",
        "kind": field.kind,
        "wire": field.wire if spec.is_one_request else field.name,
        "where": field.where if spec.is_one_request else "body",
        "schema": _checked(field.schema),
    }
    spending = spec.effect.spending
    bounds = (spending.limit, spending.total) if spending else ()
    is_bound = any(bound and bound.partition(".")[0] == field.name for bound in bounds)
    marks = {
        "isRequired": field.is_required,
        "isPersonal": field.is_user_only,
        "isSecret": spec.is_one_request and field.is_secret,
        "isBound": is_bound,
        "isHeld": field.name in held_fields(spec),
        "keepsSlashes": spec.is_one_request and field.keeps_slashes,
        "isSession": spec.is_one_request and field.prefix == "devin-",
    }
    made |= {name: True for name, holds in marks.items() if holds}
    if time := _time(field):
        made["time"] = time
    if spec.is_one_request and field.prefix:
        made["prefix"] = field.prefix
    return made


def _time(field: Field) -> str | None:
    if field.kind == "integer" and field.maximum == MOST_SECONDS:
        return "seconds"
    examples = field.schema.get("examples", ()) if field.kind == "text" else ()
    return "text" if any(isinstance(one, str) and MOMENT.match(one) for one in examples) else None


def _checked(schema: Mapping[str, Any]) -> Schema:
    """Keep of a schema what values are held to."""
    kept = {word: value for word, value in schema.items() if word in CHECKED}
    if "items" in kept:
        kept["items"] = _checked(kept["items"])
    if "anyOf" in kept:
        kept["anyOf"] = [_checked(part) for part in kept["anyOf"]]
    if "properties" in kept:
        kept["properties"] = {name: _checked(part) for name, part in kept["properties"].items()}
    if isinstance(kept.get("additionalProperties"), Mapping):
        kept["additionalProperties"] = _checked(kept["additionalProperties"])
    return kept
