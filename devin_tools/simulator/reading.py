"""From a request to the call it stands for, as the API reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from ..codec import recognise
from ..errors import InvalidArguments
from ..locations import Place
from ..spec import Spec
from ..tool import Input, Tool
from ..wire import Request
from .received import received
from .refusal import Refusal

STRICT: Mapping[str, frozenset[str]] = {"automations": frozenset({"bypass_approval"})}
"""The resources whose bodies hold no unknown keys, and what they hold besides what the tools take."""


def read_call(spec: Spec, request: Request, *, strict_ids: bool = False) -> Tool[Any]:
    """Read a call; refuse with 422, or with 404 when only its path is wrong.

    With `strict_ids` an id that comes without its prefix is refused too.
    """
    assert spec.route is not None
    is_strict = spec.resource in STRICT
    if request.method == "PATCH" and not is_strict:  # strict ones say themselves what null stands for
        request = replace(request, body=_changes(spec, request.body or {}))
    try:
        call: Tool[Any] | None = recognise(spec.route, received(spec.tool), request)
        assert call is not None
        if bare := [place.field for place in spec.places if strict_ids and _is_bare(place, call)]:
            details = [{"path": field, "reason": "is not in the API's own form"} for field in bare]
            raise InvalidArguments("The request is not valid.", details=details)
    except InvalidArguments as error:
        raise _refusal(spec, error) from None
    if is_strict:
        _require_known(spec, request.body or {}, call)
    return call


def _require_known(spec: Spec, body: Mapping[str, Any], call: Tool[Any]) -> None:
    """Refuse with 422 a body that holds keys which nobody documented."""
    known = {place.wire for place in spec.places if place.where == "body"}
    inside = [place for name in call.model_fields_set for place in _unknown_in(getattr(call, name), (name,))]
    unknown = [*((name,) for name in body if name not in known), *inside]
    errors = [
        {"loc": ["body", *place], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}
        for place in unknown
        if place[-1] not in STRICT[spec.resource]
    ]
    if errors:
        raise Refusal(422, "The request is not valid", errors)


def _unknown_in(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield where keys that no field takes are in a value."""
    if isinstance(value, list):
        for at, part in enumerate(value):
            yield from _unknown_in(part, (*place, at))
    if isinstance(value, Input):
        yield from ((*place, name) for name in value.model_extra or {})
        for name in value.model_fields_set & type(value).model_fields.keys():
            yield from _unknown_in(getattr(value, name), (*place, name))


def _changes(spec: Spec, body: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a change each null for what is never null: it stays as it is."""
    fields = spec.tool.model_fields
    lasting = {p.wire for p in spec.places if type(None) not in get_args(fields[p.field].annotation)}
    return {name: value for name, value in body.items() if value is not None or name not in lasting}


def _is_bare(place: Place, call: Tool[Any]) -> bool:
    """Return whether an id, or one of a list, lacks the prefix that the documents want."""
    return any(not text.startswith(place.prefix) for text in _texts(getattr(call, place.field)))


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item


def _refusal(spec: Spec, error: InvalidArguments) -> Refusal:
    places = {place.field: (place.where, place.wire) for place in spec.places}
    errors = [_located(places, item) for item in error.details]
    in_path = [item["loc"][1] for item in errors if item["loc"][0] == "path"]
    if in_path and len(in_path) == len(errors):
        return Refusal(404, f"{in_path[0].removesuffix('_id').capitalize()} not found")
    return Refusal(422, "The request is not valid", errors)


def _located(places: Mapping[str, tuple[str, str]], item: Mapping[str, Any]) -> dict[str, Any]:
    """Name the place of an error as the wire has it: `["query", "first"]`, `["body", "tags", 0]`."""
    field, *inner = re.findall(r"[^.\[\]]+", item["path"])
    where, wire = places.get(field, ("body", field))
    where = "body" if where == "file" else where
    parts = [int(part) if part.isdecimal() else part for part in inner]
    return {"loc": [where, wire, *parts], "msg": item["reason"], "type": "value_error"}
