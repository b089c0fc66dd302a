"""The Node-RED pack holds every tool with every field, and no secret."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from support.builder_forms import odd
from support.laws import for_every
from support.odd_tools import FindOdd
from support.packs import pack
from support.paths import DOCS
from support.tools import tools

from devin_tools import Spec, describe
from devin_tools.export.builders.fields import fields_of
from devin_tools.export.builders.node_red import node_red_files, type_of


@cache
def described() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(pack("node-red")["tools.json"])
    return made


@cache
def by_name() -> dict[str, Any]:
    return {tool["id"]: tool for tool in described()["tools"]}


@cache
def of_the_page(kind: str) -> dict[str, str]:
    """Return the forms, or the helps, of the page by the type of the node."""
    pattern = rf'data-{kind}-name="([^"]*)"(.*?)</script>'
    found = re.findall(pattern, pack("node-red")["tools.html"], re.DOTALL)
    assert len(found) == len(dict(found))
    return dict(found)


@for_every("spec", tools)
def test_every_tool_has_a_node_with_its_fields(spec: Spec) -> None:
    tool = by_name()[spec.name]
    absent = (
        {f.name for f in fields_of(spec) if f.where == "nowhere"} - {"idempotency_key"}
        if spec.is_one_request
        else spec.user_only
    )
    wanted = [f.name for f in fields_of(spec) if f.name not in absent]
    assert [field["name"] for field in tool["fields"]] == wanted
    assert ("http" in tool) is spec.is_one_request
    assert type_of(spec) in of_the_page("help")
    form = of_the_page("template")[type_of(spec)]
    assert all(
        f'id="node-input-f_{name}"' in form and f'id="node-input-f_{name}Type"' in form for name in wanted
    )


def test_the_types_are_apart() -> None:
    made = described()
    assert len({tool["type"] for tool in made["tools"]} | {made["account"]}) == len(tools()) + 1


def test_a_plugin_s_tools_are_in_it_whatever_their_schemas() -> None:
    files = node_red_files(odd())
    made = {tool["id"]: tool for tool in json.loads(files["tools.json"])["tools"]}
    assert made.keys() == {"devin_find_odd", "devin_store_key"}
    assert [f["name"] for f in made["devin_store_key"]["fields"] if f.get("secret")]


def test_patterns_are_ones_here_too() -> None:
    """Node reads them in tests/process/test_pack_code.py."""
    patterns = {f["pattern"] for tool in described()["tools"] for f in tool["fields"] if "pattern" in f}
    assert patterns
    for pattern in patterns:
        re.compile(pattern)


def test_the_help_is_text_whatever_a_description_holds() -> None:
    spec = describe(FindOdd)
    mean = type(spec)(
        **{n: getattr(spec, n) for n in spec.__dataclass_fields__} | {"description": "</script><b>"}
    )
    page = node_red_files([mean])["tools.html"]
    assert "</script><b>" not in page and "&lt;/script&gt;&lt;b&gt;" in page


def test_no_key_is_in_it() -> None:
    assert not any("cog_" in text or "apk_" in text for text in pack("node-red").values())
    assert not re.search(r'"(apiKey|key|token)": "[^"]+"', pack("node-red")["examples/Run a task.json"])


@for_every("spec", tools)
def test_the_help_says_what_a_tool_spends(spec: Spec) -> None:
    told = of_the_page("help")[type_of(spec)]
    assert spec.effect.spends in told and ("It spends ACUs" in told) == spec.effect.is_billable


def test_no_rule_of_the_settings_is_in_it_and_the_documentation_says_so() -> None:
    assert not any("DEVIN_MAX" in text or "DEVIN_READ_ONLY" in text for text in pack("node-red").values())
    page = (DOCS / "node-red.md").read_text(encoding="utf-8")
    assert "The [rules](safety.md#rules) hold in `devin-tools serve` alone" in page
