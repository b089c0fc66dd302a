"""The groups of foreign systems name what they depend on, and their records are whole."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path

from external.groups import GROUPS, Group
from external.records import RECORDS, matches, sealed
from support.laws import for_every
from support.paths import ROOT, TESTS

OWN = {"external", "resources", "support"}


@cache
def files_of_tests() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in TESTS.rglob("*.py")]


OWN_IMPORT = re.compile(
    rf"^\s*from ((?:{'|'.join(sorted(OWN))})(?:\.\w+)*) import (\([^)]*\)|[^\n]*)", re.MULTILINE
)


@cache
def imported(path: str) -> frozenset[str]:
    """Return the files of the tests that one of them imports."""
    found = set()
    for module, names in OWN_IMPORT.findall((ROOT / path).read_text(encoding="utf-8")):
        for name in (module, *(f"{module}.{each}" for each in re.findall(r"\w+", names))):
            place = TESTS.joinpath(*name.split("."))
            found |= {file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()}
    return frozenset(file.relative_to(ROOT).as_posix() for file in found)


@for_every("name", lambda: GROUPS)
def test_a_group_depends_on_all_that_its_tests_import(name: str) -> None:
    group = GROUPS[name]
    inputs = {path for path in files_of_tests() if matches(group, path)}
    needed = {found for path in inputs for found in imported(path)}
    assert needed - inputs == set()


@cache
def all_paths() -> list[str]:
    """Return the files of this checkout, without what is made beside them."""
    folders = (
        "action",
        "airflow-provider",
        "benchmarks",
        "devin_tools",
        "docs",
        "examples",
        "manifests",
        "tests",
    )
    files = [*ROOT.glob("*.*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    return [path.relative_to(ROOT).as_posix() for path in files]


@for_every("name", lambda: GROUPS)
def test_every_path_of_a_group_is_there(name: str) -> None:
    group = GROUPS[name]
    for glob in (*group.inputs, *group.tests):
        assert is_there(glob), glob


@cache
def is_there(glob: str) -> bool:
    single = Group("", (), (glob,))
    return any(matches(single, path) for path in all_paths())


def test_the_oldest_pydantic_is_the_one_that_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (bound,) = (
        found[1] for need in project["dependencies"] if (found := re.match(r"pydantic>=([\d.]+)", need))
    )
    assert GROUPS["oldest-pydantic"].packages == (f"pydantic=={bound}.*",)


@for_every("path", lambda: sorted(RECORDS.glob("*.json")))
def test_a_record_is_of_a_group_and_was_not_edited_by_hand(path: Path) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem in GROUPS
    assert record["passed"] > 0 and re.fullmatch(r"[0-9a-f]{40}", record["commit"])
    assert sealed(record), "write it with nox, after a green run"


def test_the_contributing_page_lists_every_group() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w-]+)`", re.sub(r"(?s).*## Groups(.*?)\n## .*", r"\1", page)))
    assert {name for name in GROUPS if not name.startswith("recipe-")} <= named
