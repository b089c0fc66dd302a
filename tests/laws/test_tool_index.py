"""The index of the tools says what their declarations say."""

from __future__ import annotations

import sys

import pytest
from support.laws import for_every

from devin_tools.declarations import describe, described
from devin_tools.search.meta_tools import META_TOOLS
from devin_tools.search.offer import CALL_READ, CALL_WRITE, FIND
from devin_tools.spec import Spec
from devin_tools.tool_index import INLINE, OWN, SCHEMAS, TOOLS, index_files, indexed, read_index


def own_index() -> list[Spec]:
    """Return the specs of the index of this package."""
    return list(read_index())


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Describe every class before the law begins: models are built once, for whoever is first."""
    for spec in own_index():
        described(spec.tool)


@pytest.mark.parametrize("scope", ["organization", "enterprise", "outposts"])
def test_a_tool_stands_in_the_index_as_its_class_declares_it(scope: str) -> None:
    @for_every("spec", lambda: [spec for spec in own_index() if spec.scope == scope])
    def it_does(spec: Spec) -> None:
        assert index_files([described(spec.tool)]) == index_files([spec]), "run `devin-tools generate`"
        assert describe(spec.tool) is indexed(spec.tool) is spec

    it_does()


def test_the_tools_that_find_others_stand_in_an_index_of_their_own() -> None:
    for spec, tool in zip((FIND, CALL_READ, CALL_WRITE), META_TOOLS, strict=True):
        assert index_files([described(tool)]) == index_files([spec]), "run `devin-tools generate`"
        assert describe(tool) is spec and spec.tool is tool


def test_the_index_is_written_as_it_is_read() -> None:
    written = index_files(own_index())
    assert written == {name: (OWN / name).read_text(encoding="utf-8") for name in (TOOLS, SCHEMAS, INLINE)}
    assert read_index() is read_index()


def test_a_class_that_bears_the_name_of_another_is_not_in_the_index() -> None:
    [spec] = [one for one in own_index() if one.name == "devin_get_session"]
    double = type("GetSession", (spec.tool,), {"__module__": spec.module, "__doc__": spec.tool.__doc__})
    assert indexed(double) is None
    assert describe(double).tool is double
    assert vars(sys.modules[spec.module])["GetSession"] is spec.tool
