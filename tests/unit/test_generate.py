"""Derived files are current, valid, and the same whoever makes them."""

from __future__ import annotations

import json
import shutil

import pytest
from jsonschema import Draft202012Validator
from support.paths import ROOT

from devin_tools import Spec, UsageError, load_catalog
from devin_tools.errors import error_kinds
from devin_tools.export.manifest import content_hash, manifest_files, manifest_of
from devin_tools.export.manifest_schema import MANIFEST_SCHEMA
from devin_tools.generate import BLOCKS, MAX_DIFF_LINES, check, generate

MANIFESTS = ROOT / "manifests"
SPECS = list(load_catalog(plugins=()))


def committed(name: str) -> dict:
    return json.loads((MANIFESTS / name).read_text(encoding="utf-8"))


def unsent(spec: Spec) -> set[str]:
    """Give the fields that steer this package and never travel."""
    return {place.field for place in spec.places if place.where == "nowhere"}


@pytest.fixture
def checkout(tmp_path):
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    for name in ("pyproject.toml", *BLOCKS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_generated_files_are_current():
    assert check(ROOT) == ""


def test_the_manifest_schema_is_valid_itself():
    Draft202012Validator.check_schema(MANIFEST_SCHEMA)
    assert committed("manifest.schema.json") == MANIFEST_SCHEMA


@pytest.mark.parametrize("path", sorted(MANIFESTS.glob("*.json")), ids=lambda p: p.name)
def test_every_manifest_fits_the_schema(path):
    if path.name != "manifest.schema.json":
        Draft202012Validator(MANIFEST_SCHEMA).validate(committed(path.name))


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_a_manifest_carries_its_content_hash(spec):
    manifest = committed(f"{spec.name}.json")
    assert manifest["hash"] == content_hash(manifest)
    assert content_hash(manifest | {"summary": "Another."}) != manifest["hash"]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_a_manifest_maps_every_field_to_the_request(spec):
    manifest = manifest_of(spec)
    assert set(manifest["input"].get("properties", {})) == set(manifest["visibility"])
    if spec.route is None:
        assert manifest["http"] is None
        return
    fields = {item["field"]: item["in"] for item in manifest["http"]["fields"]}
    assert fields.keys() == manifest["visibility"].keys()
    assert {name for name, where in fields.items() if where is None} == unsent(spec)
    in_path = {item["field"] for item in manifest["http"]["fields"] if item["in"] == "path"}
    assert {f"{{{name}}}" in manifest["http"]["path"] for name in in_path} <= {True}


def test_a_manifest_names_the_errors_that_a_call_can_end_in_once_it_is_sent():
    before_sending = {"usage", "unknown_tool", "invalid_arguments", "missing_setting", "refused"}
    before_sending |= {"unreadable_event", "bad_signature", "bad_rules", "sink_failed"}  # of events
    before_sending |= {"file", "file_taken"}  # a builder sends and saves files in its own way
    others = {"error", "plugin", "bad_declaration", "duplicate_tool"}
    assert set(manifest_of(SPECS[0])["errors"]) == error_kinds().keys() - before_sending - others


def test_a_manifest_belongs_to_whoever_asked_for_it():
    spec = next(spec for spec in SPECS if spec.input_schema["properties"])
    manifest_of(spec)["input"]["properties"].clear()
    assert manifest_of(spec)["input"]["properties"]


def test_the_index_lists_every_tool_with_its_file():
    index = committed("index.json")
    assert [tool["id"] for tool in index["tools"]] == [spec.name for spec in SPECS]
    for tool in index["tools"]:
        assert committed(tool["file"])["hash"] == tool["hash"]


def test_no_manifest_names_a_key():
    assert all("cog_" not in text for text in manifest_files(SPECS).values())


def test_a_stale_checkout_is_reported_and_mended(checkout):
    (checkout / "manifests" / "index.json").write_text("{}\n")
    (checkout / "manifests" / "devin_gone.json").write_text("{}\n")
    diff = check(checkout)
    assert "manifests/index.json" in diff
    assert "devin_gone.json" in diff
    assert len(diff.splitlines()) <= MAX_DIFF_LINES + 1
    assert {path.name for path in generate(checkout)} == {"index.json", "devin_gone.json"}
    assert check(checkout) == ""
    assert generate(checkout) == []


def test_a_missing_marker_is_an_error_that_names_it(checkout):
    (checkout / "README.md").write_text("nothing here\n")
    with pytest.raises(UsageError, match="'resources'"):
        check(checkout)


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not a checkout"):
        generate(tmp_path)
