"""From a request to the call it stands for, as strictly as the API reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..codec import encode, recognise
from ..errors import InvalidArguments
from ..spec import Spec
from ..tool import Tool
from ..wire import Request
from .refusal import Refusal


def read_call(spec: Spec, request: Request) -> Tool[Any]:
    """Read a call; refuse with 422, or with 404 when only its path is wrong."""
    assert spec.route is not None
    try:
        call = recognise(spec.route, spec.tool, request)
    except InvalidArguments as error:
        raise _refusal(spec, error) from None
    assert call is not None
    for place in spec.places:
        if place.where == "query" and isinstance(getattr(call, place.field), str | list):
            _check_as_sent(spec, call, place.wire, request)
    return call


def _check_as_sent(spec: Spec, call: Tool[Any], wire: str, request: Request) -> None:
    """Refuse text that only this package's leniency with people made right: bare ids, URLs as ids."""
    assert spec.route is not None
    read = [text for name, text in encode(spec.route, call).query if name == wire]
    sent = [text for name, text in request.query if name == wire]
    if read != sent[-len(read) or len(sent) :]:
        error = {"loc": ["query", wire], "msg": "is not in the API's own form", "type": "value_error"}
        raise Refusal(422, "The request is not valid", [error])


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
