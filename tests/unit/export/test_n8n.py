"""The n8n pack holds every tool with every field, says where each goes, and holds no secret."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.odd_tools import FindOdd, StoreKey

from devin_tools import Spec, describe, load_catalog
from devin_tools.export.fields import fields_of
from devin_tools.export.n8n import n8n_files
from devin_tools.export.n8n.nodes import operation_of
from devin_tools.export.n8n.properties import name_of

SPECS = list(load_catalog(plugins=()))
FILES = n8n_files(SPECS)
NODE = shutil.which("node")


def properties(spec: Spec, files: dict[str, str] = FILES) -> list[dict[str, Any]]:
    """Give the properties that the operation of a tool shows."""
    node = "Devin" if spec.is_one_request else "DevinToolsServer"
    described = json.loads(files[f"dist/nodes/{node}/description.json"])
    return [one for one in described["properties"] if is_shown(one, spec)]


def is_shown(one: dict[str, Any], spec: Spec) -> bool:
    show = one.get("displayOptions", {}).get("show", {})
    return show.get("operation") == [operation_of(spec)] and show.get("resource") == [spec.resource]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
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
        assert one["description"].startswith(field.description)
        assert one.get("required", False) is field.is_required
        assert one.get("noDataExpression", False) is field.is_user_only
        assert (one.get("typeOptions", {}).get("password", False)) is field.is_secret
    assert ("returnAll" in {one["name"] for one in shown}) is bool(paging)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_what_items_look_like_is_told(spec: Spec) -> None:
    node = "Devin" if spec.is_one_request else "DevinToolsServer"
    path = f"dist/nodes/{node}/__schema__/v1.0.0/{spec.resource}/{operation_of(spec)}.json"
    assert json.loads(FILES[path])["type"] == "object"


def test_no_two_properties_of_one_operation_have_one_name() -> None:
    for spec in SPECS:
        names = [one["name"] for one in properties(spec)]
        assert len(names) == len(set(names)), spec.name


def test_a_plugin_s_tools_are_in_it_whatever_their_schemas() -> None:
    files = n8n_files([describe(FindOdd), describe(StoreKey)])
    assert properties(describe(FindOdd), files) and properties(describe(StoreKey), files)


def test_the_package_names_its_files() -> None:
    package = json.loads(FILES["package.json"])
    assert all(path in FILES for path in (*package["n8n"]["nodes"], *package["n8n"]["credentials"]))


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_its_code_is_javascript(name: str, tmp_path: Path) -> None:
    path = tmp_path / Path(name).name
    path.write_text(FILES[name], encoding="utf-8")
    assert NODE
    subprocess.run([NODE, "--check", str(path)], check=True)


def test_no_key_is_in_it() -> None:
    assert not any(re.search(r"cog_[A-Za-z0-9]{4}|apk_[a-z0-9]", text) for text in FILES.values())
