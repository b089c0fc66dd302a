"""The recipes in the documentation are the code that runs in tests/external/recipes."""

from __future__ import annotations

import re
from functools import cache

from external.recipes.requirements import RECIPES
from support.laws import for_every
from support.paths import DOCS, TESTS

HERE = TESTS / "external" / "recipes"


@cache
def page() -> str:
    return (DOCS / "recipes.md").read_text(encoding="utf-8")


def source(name: str) -> str:
    return (HERE / f"recipe_{name}.py").read_text(encoding="utf-8")


def snippet(name: str) -> str:
    found = re.search(r"^# recipe\n(.*?)^# end of recipe$", source(name), re.DOTALL | re.MULTILINE)
    assert found
    return found[1].strip()


def section(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)(?=^## |\Z)", page(), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_every_recipe_has_a_section_and_every_section_a_recipe() -> None:
    assert re.findall(r"<!-- (\w+) -->", page()) == list(RECIPES)
    assert sorted(path.stem for path in HERE.glob("recipe_*.py")) == sorted(
        f"recipe_{name}" for name in RECIPES
    )


@for_every("name", lambda: RECIPES)
def test_the_documentation_shows_the_code_that_runs(name: str) -> None:
    shown = re.findall(r"```python\n(.*?)\n```", section(name), re.DOTALL)
    assert shown == [snippet(name)]
    assert 5 <= sum(bool(line.strip()) for line in shown[0].splitlines()) <= 20


@for_every("name", lambda: RECIPES)
def test_the_documentation_installs_and_promises_what_the_recipe_does(name: str) -> None:
    assert " ".join(f'"{each}"' for each in RECIPES[name].requirements) in section(name)
    keeps = re.search(r"^KEEPS = \{(.*)\}$", source(name), re.MULTILINE)
    promised = re.search(r"^Keeps: (.*)\.$", section(name), re.MULTILINE)
    assert keeps and promised
    assert sorted(promised[1].split(", ")) == sorted(re.findall(r"\w+", keeps[1]))
