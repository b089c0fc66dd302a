"""The n8n pack holds every tool with every field, says where each goes, and holds no secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from typing import Any

from support.builder_forms import odd
from support.laws import for_every
from support.packs import pack
from support.paths import DOCS
from support.tools import tools

from devin_tools import Spec
from devin_tools.export.builders.fields import fields_of, operation_of
from devin_tools.export.builders.n8n import n8n_files
from devin_tools.export.builders.n8n.properties import name_of

NODES = ("Devin", "DevinToolsServer")
Shown = Mapping[tuple[str, str, str], list[dict[str, Any]]]


def properties(spec: Spec, shown: Shown | None = None) -> list[dict[str, Any]]:
    """Return the properties that the operation of a tool shows."""
    node = "Devin" if spec.is_one_request else "DevinToolsServer"
    return (shown or of_the_pack()).get((node, spec.resource, operation_of(spec)), [])


def sorted_by_operation(files: Mapping[str, str]) -> Shown:
    """Return the properties of both nodes by what they are shown for: each for one operation, or for more."""
    shown: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for node in ("Devin", "DevinToolsServer"):
        for one in json.loads(files[f"dist/nodes/{node}/description.json"])["properties"]:
            show = one.get("displayOptions", {}).get("show", {})
            if len(show.get("resource", ())) == len(show.get("operation", ())) == 1:
                shown.setdefault((node, *show["resource"], *show["operation"]), []).append(one)
    return shown


@cache
def of_the_pack() -> Shown:
    return sorted_by_operation(pack("n8n"))


@for_every("spec", tools)
def test_every_field_of_every_tool_is_a_property(spec: Spec) -> None:
    shown = properties(spec)
    inner = [one for many in shown if many["type"] == "collection" for one in many["options"]]
    paging = spec.paging if spec.is_one_request else None
    own = {paging.size_field, paging.cursor_field} if paging else set()
    unsent = {f.name for f in fields_of(spec) if spec.is_one_request and f.where == "nowhere"}
    for field in fields_of(spec):
        if field.name in own | unsent:
            continue
        (one,) = [p for p in (shown if field.is_required else inner) if p["name"] == name_of(field)]
        assert unescape(one["description"]).startswith(field.description)
        assert one.get("required", False) is field.is_required
        assert one.get("noDataExpression", False) is field.is_user_only
        assert (one.get("typeOptions", {}).get("password", False)) is field.is_secret
    assert ("returnAll" in {one["name"] for one in shown}) is bool(paging)


@for_every("spec", tools)
def test_what_items_look_like_is_told(spec: Spec) -> None:
    node = "Devin" if spec.is_one_request else "DevinToolsServer"
    path = f"dist/nodes/{node}/__schema__/v1.0.0/{spec.resource}/{operation_of(spec)}.json"
    assert json.loads(pack("n8n")[path])["type"] == "object"


@for_every("spec", tools)
def test_no_two_properties_of_one_operation_have_one_name(spec: Spec) -> None:
    names = [one["name"] for one in properties(spec)]
    assert len(names) == len(set(names))


def test_a_plugin_s_tools_are_in_it_whatever_their_schemas() -> None:
    shown = sorted_by_operation(n8n_files(odd()))
    assert all(properties(spec, shown) for spec in odd())


def test_the_package_names_its_files() -> None:
    package = json.loads(pack("n8n")["package.json"])
    assert all(path in pack("n8n") for path in (*package["n8n"]["nodes"], *package["n8n"]["credentials"]))


def test_no_key_is_in_it() -> None:
    assert not any(re.search(r"cog_[A-Za-z0-9]{4}|apk_[a-z0-9]", text) for text in pack("n8n").values())


@cache
def told() -> dict[tuple[str, str], str]:
    """Return what each operation says, by its resource and its name."""
    nodes = (json.loads(pack("n8n")[f"dist/nodes/{node}/description.json"]) for node in NODES)
    operations = (one for node in nodes for one in node["properties"] if one["name"] == "operation")
    return {
        (one["displayOptions"]["show"]["resource"][0], option["value"]): unescape(option["description"])
        for one in operations
        for option in one["options"]
    }


@for_every("spec", tools)
def test_an_operation_says_what_it_spends(spec: Spec) -> None:
    about = told()[spec.resource, operation_of(spec)]
    assert ("spends ACUs" in about) == spec.effect.is_billable and spec.effect.spends in about


def test_no_rule_of_the_settings_is_in_it_and_the_documentation_says_so() -> None:
    assert not any("DEVIN_MAX" in text or "DEVIN_READ_ONLY" in text for text in pack("n8n").values())
    page = (DOCS / "n8n.md").read_text(encoding="utf-8")
    assert "The [rules](safety.md#rules) hold in *Devin Tools Server* alone" in page
