"""What holds of the dialect for every tool, those that Sim lacks included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from resources import LARGEST, SMALLEST
from support.calls import calls
from support.furnished import Worlds
from support.laws import for_every
from support.sim_laws import SIM_LAWS, direct, sayable
from support.sim_templates import exported, output_by_template
from support.tools import VERBS, built_in, examples, routed_kinds, tools, with_verb

from devin_tools import Client, Spec
from devin_tools.adapters.sim import run
from devin_tools.codec import decode
from devin_tools.errors import InvalidArguments
from devin_tools.export.builders.sim.outputs import Part, output_for_sim, parts_of
from devin_tools.export.builders.sim.params import arguments_from, fields_for_sim, param_of
from devin_tools.wire import Response, dump_json

every_law = pytest.mark.parametrize("name", SIM_LAWS)


@pytest.fixture(scope="module", autouse=True)
def made() -> None:
    """Export the templates before a law begins: they are made once, for whoever is first."""
    exported()


@cache
def direct_kinds() -> list[Spec]:
    kinds = {spec.name for spec in routed_kinds()}
    return [spec for spec in direct() if spec.name in kinds]


@every_law
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_call_is_sent_as_it_is_meant(name: str, data: st.DataObject) -> None:
    """Of each kind of tool; each tool for itself is in tests/process/test_sim_dialect_properties.py."""
    spec = data.draw(st.sampled_from(direct_kinds()))
    SIM_LAWS[name](spec, sayable(spec, data.draw(calls(spec.tool))))


@every_law
def test_every_example_is_sent_as_it_is_meant(name: str) -> None:
    for spec in direct():
        for example in spec.examples:
            SIM_LAWS[name](spec, sayable(spec, built_in().call(spec.name, example)))


@for_every("spec", tools)
def test_a_name_that_the_tool_has_not_is_refused(spec: Spec) -> None:
    for name in ("nothing", "detail" if "left_out" in spec.output_schema["properties"] else "nothing"):
        with pytest.raises(InvalidArguments, match="is not a parameter") as refused:
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


@for_every("spec, answers", lambda: product(direct(), (LARGEST, SMALLEST)))
def test_documented_answers_give_every_key(spec: Spec, answers: Mapping[str, Any]) -> None:
    body = answers[spec.output.__name__]
    output = output_for_sim(spec, decode(spec.output, Response(200, dump_json(body)), {}))
    check_shape(parts_of(spec), output)
    assert output_by_template(exported()[spec.name], body) == output


def in_the_dialect(client: Client, spec: Spec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field.name for field in fields_for_sim(spec)}
    params = {param_of(name): value for name, value in arguments.items() if name in fields}
    return run(client, spec.name, params, catalog=built_in())


@pytest.fixture
def worlds(folder_for_files: Path) -> Worlds:
    return Worlds()


@pytest.mark.parametrize("verb", VERBS)
def test_every_tool_runs_in_the_dialect_and_gives_what_it_gives(verb: str | None, worlds: Worlds) -> None:
    @for_every("spec, example", lambda: [one for one in examples() if with_verb(one[0], verb)])
    def it_runs(spec: Spec, example: Mapping[str, Any]) -> None:
        output = worlds.run(spec, example, in_the_dialect)
        check_shape(parts_of(spec), output)
        json.dumps(output, allow_nan=False)

    it_runs()
