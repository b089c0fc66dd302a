"""One tool as Sim describes its own: parameters, outputs, templates of the request and of the response."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ....settings import DEFAULT_BASE_URL
from ....spec import Spec
from ...manifest import effect_of
from ..fields import Field
from ..promises import true_in
from .declarations import declaration_of
from .outputs import Part, parts_of
from .params import API_KEY, ORG_ID, fields_for_sim, param_of

SERVER_URL, SERVER_TOKEN = "serverUrl", "serverToken"

ACCOUNT = {
    API_KEY: "The API key of Devin: of a service user, beginning with cog_.",
    ORG_ID: "The organisation in Devin, beginning with org-.",
    SERVER_URL: "The URL of a tool server (devin-tools serve), which this tool runs on.",
    SERVER_TOKEN: "The token of the tool server.",
}

TYPES = {"text": "string", "integer": "number", "number": "number", "flag": "boolean", "tags": "string"}

ITEM_KEYWORDS = frozenset(
    {
        "type", "description", "const", "minimum", "maximum", "minLength", "maxLength", "pattern",
        "additionalProperties", "required", "properties", "anyOf",
    }
)  # fmt: skip
"""What Sim reads of the schema of a list's items."""


NOT_ANSWERED = "Always empty: the answer of the API does not hold it."


def tool_for_sim(spec: Spec) -> dict[str, Any]:
    """Describe a tool as Sim does, as plain data."""
    fields, parts = fields_shown(spec), parts_of(spec)
    return {
        "id": spec.name,
        "name": f"Devin {spec.title.title()}",
        "description": in_sim_names(spec, spec.description),
        "version": spec.version,
        "params": {
            name: {
                "type": "string",
                "required": True,
                "visibility": "user-only",
                "description": ACCOUNT[name],
            }
            for name in account_params(spec)
        }
        | {param_of(field.name): _param(spec, field) for field in fields},
        "request": _request(spec, fields),
        "response": {part.key: _taken(part, _wire(spec, part)) for part in parts},
        "outputs": {part.key: _output(spec, part) for part in parts},
        "effect": effect_of(spec.effect),
        "paging": asdict(spec.paging) if spec.paging and spec.is_one_request else None,
    }


def in_sim_names(spec: Spec, text: str) -> str:
    """Write a description as it is true of a template, with the names of fields and outputs that Sim has."""
    text = true_in(spec, text)
    names = {*spec.input_schema["properties"], *spec.output_schema["properties"]}
    return re.sub(
        r"`(\w+)`", lambda found: f"`{param_of(found[1])}`" if found[1] in names else found[0], text
    )


def account_params(spec: Spec) -> list[str]:
    """Name the parameters for the account and the host."""
    if not spec.is_one_request or spec.route is None:
        return [SERVER_URL, SERVER_TOKEN]
    return [API_KEY, *([ORG_ID] if spec.scope_names else [])]


def fields_shown(spec: Spec) -> list[Field]:
    """List the fields that Sim offers: of its own tools those that it has, of others all that travel."""
    names, fields = declaration_of(spec).params.split(), fields_for_sim(spec)
    if names:
        by_name = {field.name: field for field in fields}
        return [by_name[name] for name in names]
    return [field for field in fields if field.where != "nowhere"]


def about_part(spec: Spec, part: Part) -> str:
    """Describe an output: of one request, what is not in the answer has its default alone."""
    is_added = spec.is_one_request and part.name in spec.from_flow
    return NOT_ANSWERED if is_added else in_sim_names(spec, part.description)


def reading_of(spec: Spec, field: Field) -> str:
    """Return what a field's value is read as, in the words of the templates."""
    is_tags = field.kind == "texts" and field.name in spec.comma_lists
    return "tags" if is_tags else field.kind


def _param(spec: Spec, field: Field) -> dict[str, Any]:
    kind = _type(spec, field)
    param = {
        "type": kind,
        "required": field.is_required,
        "visibility": "user-only" if field.is_user_only or field.is_secret else "user-or-llm",
        "description": in_sim_names(spec, field.description),
    }
    return param | ({"items": _item(field.schema.get("items", {}))} if kind == "array" else {})


def _type(spec: Spec, field: Field) -> str:
    if field.kind == "choice":
        return "number" if all(isinstance(option, int | float) for option in field.options) else "string"
    is_list = field.schema.get("type") == "array"
    return TYPES.get(reading_of(spec, field), "array" if is_list else "json")


def _item(schema: Mapping[str, Any]) -> dict[str, Any]:
    item = {key: value for key, value in schema.items() if key in ITEM_KEYWORDS}
    if "properties" in item:
        item["properties"] = {name: _item(part) for name, part in item["properties"].items()}
    if "anyOf" in item:
        item["anyOf"] = [_item(part) for part in item["anyOf"]]
    return item


def _output(spec: Spec, part: Part) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": part.type, "description": about_part(spec, part)}
    if part.is_optional:
        entry["optional"] = True
    inner = {each.key: _output(spec, each) for each in part.parts}
    if part.type == "array":
        entry["items"] = {"type": "object", "properties": inner}
    elif part.type == "object":
        entry["properties"] = inner
    return entry


def _request(spec: Spec, fields: Sequence[Field]) -> dict[str, Any]:
    if not spec.is_one_request or spec.route is None:
        url, method, bearer, has_body = f"{{{SERVER_URL}}}/tools/{spec.name}", "POST", SERVER_TOKEN, True
    else:
        url = DEFAULT_BASE_URL + spec.route.template
        for name in spec.route.placeholders:
            param = ORG_ID if name in spec.scope_names else param_of(name)
            url = url.replace(f"{{{name}}}", f"{{{param}}}")
        method, bearer = spec.route.method, API_KEY
        has_body = any(place.where == "body" for place in spec.places)
    headers = {"Authorization": f"Bearer {{{bearer}}}"}
    return {
        "method": method,
        "url": url,
        "headers": headers | ({"Content-Type": "application/json"} if has_body else {}),
        "hasBody": has_body,
        "fields": [_sent(spec, field) for field in fields],
    }


def _sent(spec: Spec, field: Field) -> dict[str, Any]:
    """Return how the value of one parameter travels; what has no value is left out."""
    is_direct = spec.is_one_request and field.where is not None
    is_size = spec.paging is not None and field.name == spec.paging.size_field
    is_cursor = spec.paging is not None and field.name == spec.paging.cursor_field
    unsent = declaration_of(spec).unsent
    entry = {
        "param": param_of(field.name),
        "in": field.where if is_direct else "body",
        "name": field.wire if is_direct else field.name,
        "as": reading_of(spec, field),
        "required": field.is_required,
        "prefix": field.prefix if is_direct else "",
        "trim": is_cursor or bool(field.prefix),
        "slashes": "keep" if field.keeps_slashes else "",
        "unsent": [*([unsent[field.name]] if field.name in unsent else []), *([0] if is_size else [])],
    }
    return {
        name: value for name, value in entry.items() if value not in ("", [], False) or name == "required"
    }


def _taken(part: Part, wire: str) -> dict[str, Any]:
    """Return where an output is in the response; a list that stands alone counts as its `items`."""
    inner = {each.key: _taken(each, each.name) for each in part.parts}
    return {"from": wire, "default": part.default} | ({"each": inner} if inner else {})


def _wire(spec: Spec, part: Part) -> str:
    """Return the name of an output in the answer, which the tool server writes as the tools do."""
    return spec.answer_names.get(part.name, part.name) if spec.is_one_request else part.name
