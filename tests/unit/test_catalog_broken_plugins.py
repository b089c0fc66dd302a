"""A plugin that is wrong costs only itself, and is told what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from support.tools import tools

from devin_tools import Spec, Tool, catalog, hookimpl, load_catalog
from devin_tools.codec import id_of
from devin_tools.declarations import describe
from devin_tools.errors import BadDeclaration, DuplicateTool, PluginError
from devin_tools.hookspecs import Exporter
from devin_tools.search.meta_tools import META_TOOLS
from devin_tools.tool import Output
from devin_tools.tool_index import read_index
from devin_tools.wire import GET


class Thing(Output):
    """A thing."""


class GetThing(Tool[Thing]):
    """Read a thing."""

    route = GET("/v3/organizations/{org_id}/things/{thing_id}")

    thing_id: str
    """Which thing."""


class GetOtherThing(GetThing):
    """Read another thing."""

    route = GET("/v3/organizations/{org_id}/others/{thing_id}")


class NoDocstring(Tool[Thing]):
    route = GET("/x")


class SilentField(Tool[Thing]):
    """Read a thing."""

    route = GET("/x")
    where: str = ""


class UnknownPlaceholder(Tool[Thing]):
    """Read a thing."""

    route = GET("/things/{thing_id}")


class ReservedField(Tool[Thing]):
    """Read a thing."""

    route = GET("/x")

    context: str = ""
    """Something a framework swallows."""


class Unsaid(Output):
    """What no JSON Schema can say."""

    function: Callable[[int], int]
    """A function."""


class NoSchema(Tool[Unsaid]):
    """Read a thing."""

    route = GET("/x")


class NoOutput(Tool):  # type: ignore[type-arg]
    """Read a thing."""

    route = GET("/x")


def giving(*tools: Any, **more: Any) -> ModuleType:
    """Make a plugin that gives these tools."""

    @hookimpl
    def devin_tools_provide_tools() -> list[Any]:
        return list(tools)

    module = ModuleType("a_plugin")
    vars(module).update({"devin_tools_provide_tools": devin_tools_provide_tools, **more})
    return module


class Point:
    """Stands in for an installed entry point; `load` gives a plugin or fails."""

    def __init__(self, name: str, distribution: str, plugin: Any):
        self.name, self.value, self.plugin = name, f"{name}_module", plugin
        self.dist = SimpleNamespace(name=distribution)

    def load(self) -> Any:
        if isinstance(self.plugin, BaseException):
            raise self.plugin
        return self.plugin


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch):
    """Return a function that pretends that these plugins are installed, and nothing else."""

    def pretend(*points: Any) -> None:
        monkeypatch.setattr(catalog, "entry_points", lambda group: list(points))

    return pretend


def built_in_names() -> set[str]:
    return {spec.name for spec in tools()}


def test_a_plugins_tools_come_after_the_built_in_ones(install) -> None:
    install(Point("b", "b-pack", giving(GetOtherThing)), Point("a", "a-pack", giving(GetThing)))
    loaded = load_catalog()
    assert list(loaded.specs)[-2:] == ["devin_get_thing", "devin_get_other_thing"]
    assert loaded.origins["devin_get_thing"] == "a-pack"
    assert loaded.problems == []


def test_two_tools_of_one_name_are_an_error_that_names_both_distributions(install) -> None:
    install(Point("a", "a-pack", giving(GetThing)), Point("b", "b-pack", giving(GetThing)))
    with pytest.raises(DuplicateTool) as caught:
        load_catalog()
    assert str(caught.value) == (
        "Both a-pack and b-pack provide a tool called devin_get_thing. "
        "Uninstall one of them, or leave b out of DEVIN_TOOLS_PLUGINS."
    )


def test_a_plugin_cannot_replace_a_built_in_tool(install) -> None:
    impostor = type(
        "GetSession", (GetThing,), {"__doc__": "Read it.", "__module__": "evil", "route": GET("/x")}
    )
    install(Point("evil", "evil-pack", giving(impostor)))
    with pytest.raises(
        DuplicateTool, match="Both devin-tools and evil-pack provide a tool called devin_get_session"
    ):
        load_catalog()


@pytest.mark.parametrize("name", [id_of(tool) for tool in META_TOOLS])
def test_a_plugin_cannot_have_the_name_of_a_tool_that_finds_or_calls_others(install, name: str) -> None:
    install(Point("evil", "evil-pack", giving(replace(describe(GetThing), name=name), GetOtherThing)))
    found = load_catalog()
    assert f"{name} is a name that tools for finding others have" in str(found.problems[0])
    assert name not in found.specs and "devin_get_other_thing" not in found.specs
    assert id_of(GetOtherThing) == "devin_get_other_thing"


def test_one_plugin_that_gives_a_tool_twice_is_an_error_too(install) -> None:
    install(Point("a", "a-pack", giving(GetThing, GetThing)))
    with pytest.raises(DuplicateTool, match="Both a-pack and a-pack"):
        load_catalog()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (ImportError("No module named 'gone'"), "ImportError: No module named 'gone'"),
        (SyntaxError("invalid syntax"), "SyntaxError: invalid syntax"),
        (giving(object()), "devin_tools_provide_tools must return Tool classes or specs, not object."),
        (
            giving(GetThing(thing_id="x")),
            "devin_tools_provide_tools must return Tool classes or specs, not GetThing.",
        ),
        (giving(NoDocstring), "The docstring of NoDocstring must open with one line,"),
        (giving(SilentField), "SilentField.where has no description: write a string under the field."),
        (giving(UnknownPlaceholder), "UnknownPlaceholder: the path names {thing_id}, which is neither"),
        (giving(ReservedField), "ReservedField.context: agent frameworks swallow this name; choose another."),
        (giving(NoSchema), "PydanticInvalidForJsonSchema: Cannot generate a JsonSchema"),
        (giving(NoOutput), "NoOutput does not say its output: derive from Tool[SomeOutput]."),
        (giving(devin_tools_provide_toolz=hookimpl(lambda: ())), "unknown hook 'devin_tools_provide_toolz'"),
        (giving(devin_tools_provide_guards=hookimpl(lambda: 1)), "TypeError: 'int' object is not iterable"),
        (SystemExit("install something first"), "SystemExit: install something first"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_plugin_is_skipped_by_name_and_costs_only_itself(install, broken: Any, reason: str) -> None:
    install(Point("broken", "broken-pack", broken), Point("fine", "fine-pack", giving(GetThing)))
    loaded = load_catalog()
    (problem,) = loaded.problems
    assert (problem.plugin, problem.distribution) == ("broken", "broken-pack")
    assert reason in problem.reason
    assert str(problem).startswith("plugin broken of broken-pack was skipped: ")
    assert loaded.specs.keys() == built_in_names() | {"devin_get_thing"}


def test_a_plugin_is_taken_whole_or_not_at_all(install) -> None:
    exporter = Exporter("half", "Half a format.", lambda specs: {})
    half = giving(GetThing, SilentField, devin_tools_provide_exporters=hookimpl(lambda: [exporter]))
    install(Point("half", "half-pack", half))
    loaded = load_catalog()
    assert loaded.specs.keys() == built_in_names() and "half" not in loaded.exporters


def test_a_strict_environment_makes_a_broken_plugin_fatal(install, monkeypatch: pytest.MonkeyPatch) -> None:
    install(Point("broken", "broken-pack", giving(SilentField)))
    monkeypatch.setenv("DEVIN_TOOLS_STRICT_PLUGINS", "1")
    with pytest.raises(
        PluginError, match=r"plugin broken of broken-pack failed: SilentField\.where has no"
    ) as caught:
        load_catalog()
    assert isinstance(caught.value.__cause__, BadDeclaration)
    assert caught.value.message.endswith("write a string under the field.")


def test_what_to_do_about_a_fatal_plugin_is_told(install, monkeypatch: pytest.MonkeyPatch) -> None:
    def devin_tools_provide_tools() -> tuple[Spec, ...]:
        return read_index(Path("my_package/index"))

    install(
        Point("broken", "broken-pack", giving(devin_tools_provide_tools=hookimpl(devin_tools_provide_tools)))
    )
    monkeypatch.setenv("DEVIN_TOOLS_STRICT_PLUGINS", "1")
    with pytest.raises(PluginError, match="my_package/index cannot be read") as caught:
        load_catalog()
    assert "write_index" in caught.value.hint


def test_the_environment_can_restrict_which_plugins_load(install, monkeypatch: pytest.MonkeyPatch) -> None:
    install(
        Point("one", "one-pack", giving(GetThing)),
        Point("two", "two-pack", giving(GetOtherThing)),
        Point("broken", "broken-pack", ImportError("gone")),
    )
    monkeypatch.setenv("DEVIN_TOOLS_PLUGINS", " two ,nonexistent")
    loaded = load_catalog()
    assert loaded.specs.keys() == built_in_names() | {"devin_get_other_thing"} and loaded.problems == []
    monkeypatch.setenv("DEVIN_TOOLS_PLUGINS", "")
    assert load_catalog().specs.keys() == built_in_names()
    monkeypatch.setenv("DEVIN_TOOLS_PLUGINS", '["two"]')
    assert "devin_get_other_thing" in load_catalog().specs
    for wrong in ("[two]", '["two"', "null", '"two"'):  # its guards must not be left out without a word
        monkeypatch.setenv("DEVIN_TOOLS_PLUGINS", wrong)
        with pytest.raises(PluginError, match="DEVIN_TOOLS_PLUGINS"):
            load_catalog()


def test_naming_plugins_in_the_call_wins_over_the_environment(
    install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Point("one", "one-pack", giving(GetThing)), Point("two", "two-pack", giving(GetOtherThing)))
    monkeypatch.setenv("DEVIN_TOOLS_PLUGINS", "two")
    assert load_catalog(plugins=["one"]).specs.keys() == built_in_names() | {"devin_get_thing"}


def test_the_installed_built_in_plugins_are_not_loaded_twice(install) -> None:
    names = {"devin": "devin_tools.api", "devin-simulator": "devin_tools.simulator.handlers"}
    install(*(EntryPoint(name, value, "devin_tools") for name, value in names.items()))
    assert load_catalog().specs.keys() == built_in_names()


def test_an_entry_point_of_no_distribution_is_still_named(install) -> None:
    install(EntryPoint("lost", "a_module_that_is_not_there", "devin_tools"))
    (problem,) = load_catalog().problems
    assert problem.distribution == "an unknown distribution"
    assert "a_module_that_is_not_there" in problem.reason
