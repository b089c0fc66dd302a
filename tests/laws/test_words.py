"""One word for one idea, and the field's own: names do not use words that were given up."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from support.laws import for_every
from support.paths import ROOT
from support.sources import sources, tree_of

RETIRED = {
    "Beat": "ScenarioStep",
    "Crowd": "SessionWatchlist",
    "Filing": "FileStore",
    "Intake": "ResponseBody",
    "Landing": "DownloadTarget",
    "LeftOut": "OmittedFile",
    "Manner": "RunOptions",
    "Passage": "FileExcerpt",
    "Scene": "FaultContext",
    "Shelf": "ResourceStore",
    "Sight": "SessionDiff",
    "Survey": "ReadRepository",
    "Teller": "Notifier",
    "Unsayable": "NotExpressible",
}
"""Names of classes that nobody would search for, and what they are called instead."""


@pytest.fixture(scope="module", autouse=True)
def parsed() -> None:
    """Parse every file before the law begins: the time for that is not its own."""
    for path in sources():
        tree_of(path)


@for_every("path", sources)
def test_names_and_docstrings_use_the_field_s_words(path: Path) -> None:
    nodes = list(ast.walk(tree_of(path)))
    named = [node.name for node in nodes if isinstance(node, ast.ClassDef)]
    assert [f"{name}: say {RETIRED[name]}" for name in named if name in RETIRED] == []
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    given = [node.name for node in functions if (ast.get_docstring(node) or "").startswith(("Give ", "Say "))]
    assert given == [], "a function returns, yields or raises"


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Words")[2]
    words = re.findall(r"^- \*\*([\w -]+)\*\*", page, re.MULTILINE)
    assert len(words) > 15 and words == sorted(set(words))
