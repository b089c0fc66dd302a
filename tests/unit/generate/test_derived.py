"""Manifests are current, valid, and the same whoever makes them.

The check of all derived files is in tests/process/test_generate.py.
"""

from __future__ import annotations

import json
from functools import cache

import pytest
from jsonschema import Draft202012Validator, ValidationError
from jsonschema_specifications import REGISTRY
from support.laws import for_every
from support.packs import pack
from support.paths import ROOT
from support.schemas import check_schema
from support.tools import tools

from devin_tools import Spec, UsageError
from devin_tools.errors import error_kinds
from devin_tools.export.manifest import content_hash, manifest_of
from devin_tools.export.manifest_schema import MANIFEST_SCHEMA
from devin_tools.generate.derived import generate

MANIFESTS = ROOT / "manifests"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def committed(name: str) -> dict:
    return json.loads((MANIFESTS / name).read_text(encoding="utf-8"))


def unsent(spec: Spec) -> set[str]:
    """Return the fields that steer this package and never travel."""
    return {place.field for place in spec.places if place.where == "nowhere"}


@cache
def fitting() -> Draft202012Validator:
    """Return what holds a manifest against the schema, but for the tool's own schemas: those are slow."""
    any_schema = {"$schema": DRAFT, "$id": DRAFT, "type": ["object", "boolean"]}
    return Draft202012Validator(MANIFEST_SCHEMA, registry=REGISTRY.with_contents([(DRAFT, any_schema)]))


def manifest_names() -> list[str]:
    return sorted(pack("manifest").keys() | {path.name for path in MANIFESTS.glob("*.json")})


@for_every("name", manifest_names)
def test_every_manifest_is_current(name):
    path = MANIFESTS / name
    there = path.read_text(encoding="utf-8") if path.is_file() else "not there"
    made = pack("manifest").get(name, "should not be there")
    assert there.splitlines() == made.splitlines(), "to accept it, run: devin-tools generate"


def test_the_manifest_schema_is_valid_itself():
    Draft202012Validator.check_schema(MANIFEST_SCHEMA)
    assert committed("manifest.schema.json") == MANIFEST_SCHEMA


@for_every("path", lambda: sorted(MANIFESTS.glob("*.json")))
def test_every_manifest_fits_the_schema(path):
    if path.name != "manifest.schema.json":
        manifest = committed(path.name)
        fitting().validate(manifest)
        for part in ("input", "output"):
            check_schema(manifest.get(part, {}))


def test_the_schema_of_a_manifest_holds_for_the_schemas_in_it():
    manifest, whole = committed("devin_get_self.json"), Draft202012Validator(MANIFEST_SCHEMA)
    for part in ("input", "output"):
        broken = manifest | {part: {"type": "object", "required": 3}}
        assert (whole.is_valid(manifest), whole.is_valid(broken)) == (True, False)
        assert fitting().is_valid(broken)
        with pytest.raises(ValidationError):
            check_schema(broken[part])


@for_every("spec", tools)
def test_a_manifest_carries_its_content_hash(spec):
    manifest = committed(f"{spec.name}.json")
    assert manifest["hash"] == content_hash(manifest)
    assert content_hash(manifest | {"summary": "Another."}) != manifest["hash"]


@for_every("spec", tools)
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
    before_sending = {"usage", "unknown_tool", "invalid_arguments", "missing_setting", "refused", "busy"}
    before_sending |= {"unreadable_event", "bad_signature", "bad_rules", "sink_failed"}  # of events
    before_sending |= {"file", "file_taken"}  # a builder sends and saves files in its own way
    others = {"error", "plugin", "bad_declaration", "duplicate_tool"}
    assert set(manifest_of(tools()[0])["errors"]) == error_kinds().keys() - before_sending - others


def test_a_manifest_belongs_to_whoever_asked_for_it():
    spec = next(spec for spec in tools() if spec.input_schema["properties"])
    manifest_of(spec)["input"]["properties"].clear()
    assert manifest_of(spec)["input"]["properties"]


def test_the_index_lists_every_tool_with_its_file():
    index = committed("index.json")
    assert [tool["id"] for tool in index["tools"]] == [spec.name for spec in tools()]
    for tool in index["tools"]:
        assert committed(tool["file"])["hash"] == tool["hash"]


def test_no_manifest_names_a_key():
    assert all("cog_" not in text for text in pack("manifest").values())


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not a checkout"):
        generate(tmp_path)
