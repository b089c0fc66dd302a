"""What the dialect does with any call of a tool that one request does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from support.sim_templates import exported, request_by_template
from support.tools import built_in, tools

from devin_tools import Spec
from devin_tools.codec import encode
from devin_tools.export.builders.sim.declarations import declaration_of
from devin_tools.export.builders.sim.params import (
    JS_WHITESPACE,
    arguments_from,
    fields_for_sim,
    param_of,
)
from devin_tools.wire import dump_json

__all__ = ["SIM_LAWS", "direct", "sayable"]

ACCOUNT = {"apiKey": "cog_any", "orgId": "org-any"}


def account_of(spec: Spec) -> dict[str, str]:
    """Return the parameters for the account, but for an organisation that the call itself names."""
    fields = {param_of(field.name) for field in fields_for_sim(spec)}
    return {name: value for name, value in ACCOUNT.items() if name not in fields}


@cache
def direct() -> tuple[Spec, ...]:
    """Return the tools that one request does."""
    return tuple(spec for spec in tools() if spec.is_one_request)


def sayable(spec: Spec, call: Any) -> dict[str, Any]:
    """Return a call's arguments as plain data, without those that the dialect has no way or need to say."""
    fields = {field.name: field for field in fields_for_sim(spec)}
    plain = json.loads(dump_json(call.model_dump(exclude_unset=True)))
    kept = {}
    for name, value in plain.items():
        if spec.paging and name == spec.paging.cursor_field and value:
            value = value.strip(JS_WHITESPACE)
        if (
            name not in fields
            or value is None
            or value == ""
            or value == declaration_of(spec).unsent.get(name, ...)
        ):
            continue
        is_tags = fields[name].kind == "texts" and name in spec.comma_lists
        if is_tags:
            value = [tag for item in value if (tag := item.strip(JS_WHITESPACE))]
            if not value and not fields[name].is_required:
                continue
        kept[name] = value
    return kept


def parameters_make_the_request(spec: Spec, arguments: Mapping[str, Any]) -> None:
    """Hold the request of Sim's parameters against that of the arguments."""
    params = {param_of(name): value for name, value in arguments.items()} | account_of(spec)
    call = built_in().call(spec.name, arguments_from(spec, params))
    assert encode(spec.route, call) == encode(spec.route, built_in().call(spec.name, arguments))


def text_stands_for_what_it_says(spec: Spec, arguments: Mapping[str, Any]) -> None:
    """The forms of a builder hold text: numbers, flags, lists and objects may be given as such."""
    texts = {
        param_of(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in arguments.items()
    }
    for name, value in arguments.items():
        if isinstance(value, list) and name in spec.comma_lists:
            if not value or any("," in tag for tag in value):
                return
            texts[param_of(name)] = " , ".join(value)
    made = built_in().call(spec.name, arguments_from(spec, texts))
    assert encode(spec.route, made) == encode(spec.route, built_in().call(spec.name, arguments))


def template_makes_the_request(spec: Spec, arguments: Mapping[str, Any]) -> None:
    """Hold the request of the exported template against that of the client."""
    known = exported()[spec.name]["params"]
    arguments = {name: value for name, value in arguments.items() if param_of(name) in known}
    request = encode(spec.route, built_in().call(spec.name, arguments))
    params = {param_of(name): value for name, value in arguments.items()} | account_of(spec)
    made = request_by_template(exported()[spec.name], params)
    assert (made["method"], made["path"]) == (request.method, request.path.replace("{org_id}", "org-any"))
    assert [tuple(pair) for pair in made["query"]] == list(request.query)
    assert made["body"] == (None if request.body is None else json.loads(dump_json(request.body)))


SIM_LAWS = {
    law.__name__: law
    for law in (parameters_make_the_request, text_stands_for_what_it_says, template_makes_the_request)
}
