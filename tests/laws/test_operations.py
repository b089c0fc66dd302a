"""Every operation of the vendor's API is a tool, or the table says why not.

`tests/data/operations.csv` has a row for each operation of the vendor's documents (docs.devin.ai, its SDKs,
its Terraform provider, autumn 2026), with the confidence in it: what is of low confidence is a beta. `schema`
says whether one of those documents has its schema, which the contract suite holds then. The danger is `A` for
what administers accounts, security or money, and `C` for a read whose answer is private.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache

from support.laws import for_every
from support.paths import ROOT, TESTS
from support.tools import built_in

from devin_tools import Spec
from devin_tools.model_input import for_models
from devin_tools.presets import PRESETS, chosen
from devin_tools.schemas.traversal import objects_in
from devin_tools.spec import MAX_NAME

NAMES_FIT = 39
"""The longest name that still fits the 64 characters of clients which put a prefix before it."""


@cache
def rows() -> list[dict[str, str]]:
    with (TESTS / "data" / "operations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_a_tool() -> Iterator[dict[str, str]]:
    return (row for row in rows() if row["tool"])


def template(path: str) -> str:
    """Return a path whatever its placeholders are called."""
    return re.sub(r"{[^}]*}", "{}", path)


@for_every("row", with_a_tool)
def test_an_operation_is_the_tool_that_the_table_says(row: dict[str, str]) -> None:
    spec = built_in().spec(row["tool"])
    assert spec.route is not None
    assert (spec.route.method, template(spec.route.template)) == (row["method"], template(row["path"]))
    assert spec.beta or row["confidence"] != "low"
    assert len(spec.name) <= NAMES_FIT < MAX_NAME


@for_every("row", with_a_tool)
def test_an_operation_is_as_dangerous_as_the_table_says(row: dict[str, str]) -> None:
    effect = built_in().spec(row["tool"]).effect
    assert effect.is_administrative == (row["danger"] == "A")
    assert effect.is_private == (row["danger"] == "C")
    assert effect.is_private <= effect.only_reads


@for_every("spec", lambda: built_in())
def test_what_can_hold_a_secret_says_so(spec: Spec) -> None:
    """A read or a removal shows the same object without it: only what made the secret is told it."""
    holds = any(node.get("x-secret") for node in objects_in(spec.output_schema))
    assert spec.effect.reveals_secret == (holds and spec.effect.kind == "write")


def test_no_preset_but_that_of_administrators_holds_what_administers_accounts() -> None:
    dangerous = {spec.name for spec in built_in() if spec.effect.is_administrative}
    held = {name: {spec.name for spec in chosen(built_in(), name)} & dangerous for name in PRESETS}
    assert [name for name, found in held.items() if found] == ["administer"]
    assert not {spec.name for spec in for_models(built_in())} & dangerous


def test_a_row_without_a_tool_says_why() -> None:
    assert [row for row in rows() if bool(row["tool"]) == bool(row["left out because"])] == []
    page = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
    left_out = [row for row in rows() if not row["tool"]]
    assert [row["path"] for row in left_out if f"`{row['method']} {row['path']}`" not in page] == []


def test_the_table_has_each_operation_once_and_every_tool_with_a_route() -> None:
    assert len({(row["method"], row["path"]) for row in rows()}) == len(rows()) == 239
    routed = {spec.name for spec in built_in() if spec.route}
    assert sorted(routed) == sorted(row["tool"] for row in with_a_tool())
