"""The n8n pack holds every tool with every field, says where each goes, and holds no secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
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
from devin_tools.export.builders.n8n.properties import is_shown, name_of
from devin_tools.export.builders.n8n.texts import said

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
    called = call(spec)
    for field in fields_of(spec):
        if field.name in own or not is_shown(spec, field):
            continue
        (sent,) = [each for each in called["fields"] if each["name"] == field.name]
        assert sent["at"].removeprefix("additionalFields.") == name_of(field)
        assert sent.get("isRequired", False) is field.is_required
        (one,) = [p for p in (shown if field.is_required else inner) if p["name"] == name_of(field)]
        assert unescape(one["description"]).startswith(said(spec, field.description))
        assert one.get("required", False) is field.is_required
        assert one.get("noDataExpression", False) is field.is_user_only
        assert (one.get("typeOptions", {}).get("password", False)) is field.is_secret
    assert ("returnAll" in {one["name"] for one in shown}) is bool(paging)


def call(spec: Spec) -> dict[str, Any]:
    """Return what the code of a node goes by for an operation."""
    node = "Devin" if spec.is_one_request else "DevinToolsServer"
    made: dict[str, Any] = calls(node)[f"{spec.resource}.{operation_of(spec)}"]
    return made


@cache
def calls(node: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(pack("n8n")[f"dist/nodes/{node}/calls.json"])["calls"]
    return made


@for_every("spec", tools)
def test_what_is_not_to_be_repeated_is_done_once(spec: Spec) -> None:
    is_once = spec.effect.kind == "write" and not spec.effect.is_idempotent
    assert (call(spec)["once"] is not None) is is_once
    assert not spec.effect.is_billable or spec.effect.is_idempotent or is_once
    if spec.effect.spending and spec.effect.spending.key:
        assert call(spec)["once"] == "tag"


@for_every("spec", tools)
def test_what_limits_money_is_marked_and_that_there_is_none_is_said(spec: Spec) -> None:
    spending = spec.effect.spending
    bounds = {spending.limit, spending.total} - {None} if spending else set()
    fields = {bound.partition(".")[0] for bound in bounds}
    assert {field["name"] for field in call(spec)["fields"] if field.get("isBound")} == fields
    notices = [one for one in properties(spec) if one["type"] == "notice"]
    is_optional = spending is not None and spending.limit is not None and spending.total is None
    assert bool(notices) is is_optional
    assert all("sets no limit" in one["displayName"] for one in notices)


def test_a_node_that_nobody_chose_for_reads_or_does_nothing() -> None:
    reads = {(spec.resource, operation_of(spec)) for spec in tools() if spec.effect.only_reads}
    for node in NODES:
        shown = json.loads(pack("n8n")[f"dist/nodes/{node}/description.json"])["properties"]
        menus = [one for one in shown if one["name"] == "operation"]
        defaults = {(one["displayOptions"]["show"]["resource"][0], one["default"]) for one in menus}
        assert {one for one in defaults if one[1]} <= reads
        nothing = {resource for resource, default in defaults if not default}
        operations = {tuple(name.split(".", 1)) for name in calls(node)}
        assert not nothing & {resource for resource, name in operations if (resource, name) in reads}


JSON = re.compile(r"(description|__schema__/.*)\.json$")
PROMISES = {
    "Devin": (
        r"\b(env|file):[A-Z]",
        r"this machine",
        r"\bfile_root|working folder",
        r"page per call",
        r"\bdevin_[a-z]",
        r"comma-separated text is accepted",
        r"\bDEVIN_[A-Z]",
        r"; null: nobody",
        r"\bclients?\b",
        r"\bretried\b",
        r"a tag by which",
        r"runs next|next runs|output says so",
    ),
    "DevinToolsServer": (
        r"this machine",
        r"\bdevin_[a-z]",
        r"comma-separated text is accepted",
        r"with the call to go on with",
    ),
}
"""What texts of declarations say of this package's own client, and of no node of n8n."""


def test_no_text_promises_what_only_our_own_client_does() -> None:
    for node, patterns in PROMISES.items():
        folder = f"dist/nodes/{node}/"
        files = [
            json.loads(text)
            for name, text in pack("n8n").items()
            if name.startswith(folder) and JSON.search(name)
        ]
        wrong = [text for file in files for text in texts(file) for each in patterns if re.search(each, text)]
        assert len(files) > 10
        assert not wrong


def texts(node: Any) -> Iterator[str]:
    """Yield all that the editor shows of a description."""
    parts = node if isinstance(node, list) else list(node.values()) if isinstance(node, dict) else []
    for part in parts:
        yield from texts(part)
    if isinstance(node, dict):
        shown = ("description", "displayName", "placeholder", "hint", "action")
        yield from (unescape(node[name]) for name in shown if isinstance(node.get(name), str))


def test_how_a_list_is_written_is_said_once() -> None:
    for node in NODES:
        for text in texts(json.loads(pack("n8n")[f"dist/nodes/{node}/description.json"])):
            assert len(re.findall("comma-separated", text, re.IGNORECASE)) <= 1


@for_every("spec", tools)
def test_known_values_are_offered_and_others_are_taken(spec: Spec) -> None:
    shown = properties(spec)
    forms = {one["name"]: one for many in shown if "options" in many for one in many["options"]}
    forms |= {one["name"]: one for one in shown}
    for field in (field for field in fields_of(spec) if is_shown(spec, field) and not field.is_secret):
        if field.kind == "text" and field.options:
            one = forms[name_of(field)]
            assert [option["value"] for option in one["options"]] == list(field.options)
            assert one["type"] == "options" and one["allowArbitraryValues"]


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
