"""What holds of the dialect for every tool, those that Sim lacks included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from resources import LARGEST, SMALLEST
from support.calls import calls
from support.furnished import about, furnished
from support.sim_templates import output_by_template, request_by_template

from devin_tools import Client, Simulator, Spec, load_catalog
from devin_tools.codec import decode, encode
from devin_tools.errors import InvalidArguments
from devin_tools.export.sim import sim_files
from devin_tools.export.sim.known import known
from devin_tools.export.sim.outputs import Part, output_for_sim, parts_of
from devin_tools.export.sim.params import BLANKS, arguments_from, fields_for_sim, param_of, takes_comma_text
from devin_tools.sim_dialect import run
from devin_tools.wire import Response, dump_json

CATALOG = load_catalog(plugins=())
SPECS = list(CATALOG)
DIRECT = [spec for spec in SPECS if spec.is_one_request]
EXPORTED = {
    tool["id"]: tool
    for name, tool in ((name, json.loads(text)) for name, text in sim_files(SPECS).items())
    if name.startswith("tools/")
}
ACCOUNT = {"apiKey": "cog_any", "orgId": "org-any"}

every_tool = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
every_direct_tool = pytest.mark.parametrize("spec", DIRECT, ids=lambda spec: spec.name)
every_example = pytest.mark.parametrize(
    ("spec", "example"),
    [
        pytest.param(spec, example, id=f"{spec.name}-{n}")
        for spec in SPECS
        for n, example in enumerate(spec.examples)
    ],
)
some = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def sayable(spec: Spec, call: Any) -> dict[str, Any]:
    """Give a call's arguments as plain data, without those that the dialect has no way or need to say."""
    fields = {field.name: field for field in fields_for_sim(spec)}
    plain = json.loads(dump_json(call.model_dump(exclude_unset=True)))
    kept = {}
    for name, value in plain.items():
        if spec.paging and name == spec.paging.cursor_field and value:
            value = value.strip(BLANKS)
        if name not in fields or value is None or value == "" or value == known(spec).unsent.get(name, ...):
            continue
        is_tags = fields[name].kind == "texts" and takes_comma_text(spec.tool, name)
        if is_tags:
            value = [tag for item in value if (tag := item.strip(BLANKS))]
            assume(value or fields[name].is_required)
        kept[name] = value
    return kept


@every_direct_tool
@some
@given(data=st.data())
def test_parameters_make_the_request_that_the_arguments_make(spec: Spec, data: Any) -> None:
    arguments = sayable(spec, data.draw(calls(spec.tool)))
    params = {param_of(name): value for name, value in arguments.items()} | ACCOUNT
    call = CATALOG.call(spec.name, arguments_from(spec, params))
    assert encode(spec.route, call) == encode(spec.route, CATALOG.call(spec.name, arguments))


@every_direct_tool
@some
@given(data=st.data())
def test_text_stands_for_what_it_says(spec: Spec, data: Any) -> None:
    """The forms of a builder hold text: numbers, flags, lists and objects may be given as such."""
    arguments = sayable(spec, data.draw(calls(spec.tool)))
    texts = {
        param_of(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in arguments.items()
    }
    for name, value in arguments.items():
        if isinstance(value, list) and takes_comma_text(spec.tool, name):
            assume(not any("," in tag for tag in value) and value)
            texts[param_of(name)] = " , ".join(value)
    made = CATALOG.call(spec.name, arguments_from(spec, texts))
    assert encode(spec.route, made) == encode(spec.route, CATALOG.call(spec.name, arguments))


@every_direct_tool
@some
@given(data=st.data())
def test_the_template_makes_the_request_that_the_client_makes(spec: Spec, data: Any) -> None:
    arguments = {
        name: value
        for name, value in sayable(spec, data.draw(calls(spec.tool))).items()
        if param_of(name) in EXPORTED[spec.name]["params"]
    }
    request = encode(spec.route, CATALOG.call(spec.name, arguments))
    params = {param_of(name): value for name, value in arguments.items()} | ACCOUNT
    made = request_by_template(EXPORTED[spec.name], params)
    assert (made["method"], made["path"]) == (request.method, request.path.replace("{org_id}", "org-any"))
    assert [tuple(pair) for pair in made["query"]] == list(request.query)
    assert made["body"] == (None if request.body is None else json.loads(dump_json(request.body)))


@every_tool
def test_a_name_that_the_tool_has_not_is_refused(spec: Spec) -> None:
    for name in ("nothing", "detail" if "left_out" in spec.output_schema["properties"] else "nothing"):
        with pytest.raises(InvalidArguments, match="is no parameter") as refused:
            arguments_from(spec, {name: "secret-value"})
        assert "secret-value" not in repr(refused.value.as_dict())


def keys_of(parts: tuple[Part, ...]) -> list[str]:
    return [part.key for part in parts]


def check_shape(parts: tuple[Part, ...], output: Mapping[str, Any]) -> None:
    """Every key is there, and what it holds is of the type that the export says."""
    kinds: dict[str, Any] = {
        "string": str, "number": int | float, "boolean": bool, "array": list, "object": dict, "json": object,
    }  # fmt: skip
    assert list(output) == keys_of(parts)
    for part in parts:
        value = output[part.key]
        assert isinstance(value, kinds[part.type]) or value is None
        for item in (
            (value or []) if part.type == "array" else [value] if part.type == "object" and value else []
        ):
            check_shape(part.parts, item)


@pytest.mark.parametrize("answers", [LARGEST, SMALLEST], ids=["largest", "smallest"])
@every_direct_tool
def test_documented_answers_give_every_key(spec: Spec, answers: Mapping[str, Any]) -> None:
    body = answers[spec.output.__name__]
    output = output_for_sim(spec, decode(spec.output, Response(200, dump_json(body)), {}))
    check_shape(parts_of(spec), output)
    assert output_by_template(EXPORTED[spec.name], body) == output


@pytest.mark.usefixtures("folder_for_files")
@every_example
def test_every_tool_runs_in_the_dialect_and_gives_what_it_gives(
    spec: Spec, example: Mapping[str, Any]
) -> None:
    simulator = Simulator(seed=7, sessions=1)
    names = furnished(simulator, next(iter(simulator.world.sessions)))
    arguments = about(spec, example, names)
    params = {
        param_of(name): value
        for name, value in arguments.items()
        if name in {f.name for f in fields_for_sim(spec)}
    }
    with Client(**simulator.connection()) as client:
        output = run(client, spec.name, params, catalog=CATALOG)
    check_shape(parts_of(spec), output)
    json.dumps(output, allow_nan=False)
