"""An index of tools: what a plugin writes once, so that a start imports none of its tools."""

from __future__ import annotations

import copy
import json
import pickle
import sys
import threading
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from devin_tools import Catalog, Spec, catalog, tool_index
from devin_tools.catalog import load_catalog
from devin_tools.declarations import describe, described, write_index
from devin_tools.errors import BadDeclaration, PluginError
from devin_tools.tool import Tool
from devin_tools.tool_index import INLINE, SCHEMAS, TOOLS, read_index

THINGS = '''
from typing import Annotated

from devin_tools.tool import USER_ONLY, WRITE, Output, Spending, Tool
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
        ("words: list[str]", "words: Annotated[list[str], USER_ONLY]"),
    ],
)
def test_a_class_that_sends_or_spends_or_is_open_to_models_otherwise_than_its_index_says_is_refused(
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
    assert problem.plugin == "things" and f"The index {package.name}/index cannot be read" in problem.reason
    assert "devin_get_self" in found.specs


@pytest.mark.parametrize("text", ["", "no json\n" * 4, "7\n" * 4, "{}\n" * 3, "{}\n" * 6])
def test_schemas_that_cannot_be_read_are_told(
    package: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (package / "index" / SCHEMAS).write_text(text)
    spec = loaded(package, monkeypatch).spec("devin_buy_thing")
    with pytest.raises(PluginError, match=f"The index {package.name}/index cannot be read"):
        spec.input_schema  # noqa: B018


@pytest.mark.parametrize("name", [SCHEMAS, INLINE])
def test_an_index_without_its_schemas_costs_only_its_plugin(
    package: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (package / "index" / name).unlink()
    found = loaded(package, monkeypatch)
    assert [problem.plugin for problem in found.problems] == ["things"]
    assert not [spec for spec in found if spec.module.startswith(package.name)]


@pytest.mark.parametrize(
    ("line", "told"),
    [("import not_there", "ModuleNotFoundError of not_there"), ("raise SystemExit(3)", "SystemExit")],
)
def test_a_module_that_cannot_be_imported_is_told_by_the_call(
    package: Path, monkeypatch: pytest.MonkeyPatch, line: str, told: str
) -> None:
    (package / "things.py").write_text(f"{line}\n")
    with pytest.raises(
        PluginError, match=rf"{package.name}\.things, .* cannot be imported: {told}\."
    ) as caught:
        loaded(package, monkeypatch).call("devin_get_thing", {"thing_id": "one"})
    assert "DEVIN_TOOLS_PLUGINS" in caught.value.hint


def test_an_index_is_read_from_an_archive_too(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = package.parent / "packed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (package / "index").iterdir():
            packed.write(path, f"{package.name}/index/{path.name}")
    folder = archive / package.name / "index"
    [spec, _] = read_index(folder)
    assert spec.name == "devin_get_thing" and spec.input_schema["required"] == ["thing_id"]
    assert spec.source.inline_output()["required"] == ["thing_id"]
    with pytest.raises(PluginError, match="nowhere/index cannot be read: OSError"):
        read_index(archive / "nowhere" / "index")


def test_a_folder_may_be_given_as_text(package: Path) -> None:
    assert read_index(str(package / "index")) is read_index(package / "index")
    with pytest.raises(PluginError, match="nowhere/index cannot be read: FileNotFoundError"):
        read_index("nowhere/index")


def test_threads_that_begin_together_have_one_spec_of_each_tool(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, read = threading.Barrier(2), tool_index._read

    def slowly(folder: Path) -> tuple[Spec, ...]:
        specs = read(folder)
        both.wait(timeout=10)
        return specs

    monkeypatch.setattr(tool_index, "_read", slowly)
    found: list[tuple[Spec, ...]] = []
    threads = [threading.Thread(target=lambda: found.append(read_index(package / "index"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] is found[1] is read_index(package / "index")
    assert describe(found[0][0].tool) is found[0][0]


@pytest.mark.parametrize(
    "copied", [lambda spec: pickle.loads(pickle.dumps(spec)), copy.copy, copy.deepcopy, Spec.chosen]
)
def test_a_copy_of_a_spec_equals_it(copied: Callable[[Spec], Spec]) -> None:
    for spec in read_index()[:3]:
        other = copied(spec)
        assert other is not spec and other == spec and hash(other) == hash(spec)
        assert other.source.inline_input() == spec.source.inline_input()
        assert other == described(spec.tool) and other != read_index()[3]


def test_a_pickled_spec_has_the_schemas_of_its_own_tool_alone() -> None:
    [spec] = [one for one in read_index() if one.name == "devin_get_self"]
    assert spec.input_schema == {"additionalProperties": False, "properties": {}, "type": "object"}
    assert len(pickle.dumps(spec)) < 20_000


def test_a_class_that_no_module_holds_gets_no_index(tmp_path: Path) -> None:
    [spec] = [one for one in read_index() if one.name == "devin_get_self"]
    texts = {"__doc__": spec.tool.__doc__, "resource": "things"}
    script: type[Tool[Any]] = type("GetThing", (spec.tool,), texts | {"__module__": "__main__"})
    inner: type[Tool[Any]] = type("GetThing", (spec.tool,), texts | {"__qualname__": "f.<locals>.GetThing"})
    for tool in (script, inner):
        with pytest.raises(BadDeclaration, match="cannot be imported"):
            write_index(tmp_path / "index", [tool])
    assert not (tmp_path / "index").exists()


def test_nothing_is_written_of_a_declaration_that_breaks_a_rule(tmp_path: Path) -> None:
    [spec] = [one for one in read_index() if one.name == "devin_get_self"]
    undescribed = type("GetNothing", (spec.tool,), {"__doc__": ""})
    with pytest.raises(BadDeclaration):
        write_index(tmp_path / "index", [spec.tool, undescribed])
    assert not (tmp_path / "index").exists()
