"""An index of tools: what a plugin writes once, so that a start imports none of its tools."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

from devin_tools import Catalog, catalog
from devin_tools.catalog import load_catalog
from devin_tools.declarations import describe, described, write_index
from devin_tools.errors import BadDeclaration, PluginError
from devin_tools.tool_index import SCHEMAS, TOOLS, read_index

THINGS = '''
from devin_tools.tool import WRITE, Output, Spending, Tool
from devin_tools.wire import GET, POST


class Thing(Output):
    """A thing."""

    thing_id: str
    """Its id."""


class GetThing(Tool[Thing]):
    """Read a thing."""

    route = GET("/v3/things/{thing_id}")

    thing_id: str
    """Which thing."""


class BuyThing(Tool[Thing]):
    """Buy a thing."""

    route = POST("/v3/things")
    effect = WRITE.billable(Spending(starts="one", limit="most"))

    most: int | None = None
    """The most ACUs to spend."""

    words: list[str] = []
    """Words about it."""
'''

PLUGIN = """
from pathlib import Path

from devin_tools import hookimpl
from devin_tools.tool_index import read_index


@hookimpl
def devin_tools_provide_tools():
    return read_index(Path(__file__).with_name("index"))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a package of tools with an index, whose tools are not imported."""
    name = f"indexed_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text(PLUGIN)
    (folder / "things.py").write_text(THINGS)
    monkeypatch.syspath_prepend(str(tmp_path))
    things = import_module(f"{name}.things")
    write_index(folder / "index", [things.GetThing, things.BuyThing])
    monkeypatch.delitem(sys.modules, f"{name}.things")
    return folder


def loaded(package: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Load the catalog as where the package is installed and nothing else."""
    point = type("Point", (), {"name": "things", "value": package.name, "dist": None})()
    point.load = lambda: import_module(package.name)
    monkeypatch.setattr(catalog, "entry_points", lambda group: [point])
    return load_catalog()


def test_a_plugins_tools_are_listed_without_being_imported(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = loaded(package, monkeypatch)
    spec = found.spec("devin_buy_thing")
    assert (spec.summary, spec.module, spec.class_name) == (
        "Buy a thing.",
        f"{package.name}.things",
        "BuyThing",
    )
    assert spec.effect.spending and spec.effect.spending.limit == "most"
    assert spec.input_schema["properties"]["most"]["description"] == "The most ACUs to spend."
    assert spec.output_schema["required"] == ["thing_id"]
    assert f"{package.name}.things" not in sys.modules


def test_a_call_imports_the_class_that_is_as_it_was_described(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = loaded(package, monkeypatch)
    call = found.call("devin_get_thing", {"thing_id": "one"})
    things = sys.modules[f"{package.name}.things"]
    assert type(call) is things.GetThing
    spec = describe(things.GetThing)
    assert spec is found.spec("devin_get_thing") and spec.output is things.Thing
    again = described(things.GetThing)
    assert (again.input_schema, again.places, again.route) == (spec.input_schema, spec.places, spec.route)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('effect = WRITE.billable(Spending(starts="one", limit="most"))', "effect = WRITE"),
        ('POST("/v3/things")', 'POST("/v3/dear-things")'),
        ("class BuyThing", "class BuyThings"),
    ],
)
def test_a_class_that_sends_or_spends_otherwise_than_its_index_says_is_refused(
    package: Path, monkeypatch: pytest.MonkeyPatch, was: str, now: str
) -> None:
    (package / "things.py").write_text(THINGS.replace(was, now))
    found = loaded(package, monkeypatch)
    with pytest.raises(PluginError, match="BuyThing is not as the index of its package says") as caught:
        found.call("devin_buy_thing", {})
    assert "write_index" in caught.value.hint


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", json.dumps({"name": "devin_x"})])
def test_an_index_that_cannot_be_read_costs_only_its_plugin(
    package: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (package / "index" / TOOLS).write_text(text)
    found = loaded(package, monkeypatch)
    [problem] = found.problems
    assert problem.plugin == "things" and "The index index cannot be read" in problem.reason
    assert "devin_get_self" in found.specs


@pytest.mark.parametrize("text", ["", "no json\n" * 4, "7\n" * 4, None])
def test_schemas_that_cannot_be_read_are_told(
    package: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    path = package / "index" / SCHEMAS
    path.unlink() if text is None else path.write_text(text)
    spec = loaded(package, monkeypatch).spec("devin_buy_thing")
    with pytest.raises(PluginError, match="The index index cannot be read"):
        spec.input_schema  # noqa: B018


def test_nothing_is_written_of_a_declaration_that_breaks_a_rule(tmp_path: Path) -> None:
    [spec] = [one for one in read_index() if one.name == "devin_get_self"]
    undescribed = type("GetNothing", (spec.tool,), {"__doc__": ""})
    with pytest.raises(BadDeclaration):
        write_index(tmp_path / "index", [spec.tool, undescribed])
    assert not (tmp_path / "index").exists()
