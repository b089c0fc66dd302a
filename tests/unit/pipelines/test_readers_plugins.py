"""A stranger's reader comes in by the same door as the built-in ones."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from devin_tools import catalog, hookimpl, load_catalog
from devin_tools.hookspecs import Reader
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.events import read_event
from devin_tools.pipelines.plans import plan
from devin_tools.pipelines.rule_models import Rules

BODY = b'{"nagios": {"check": "ssh", "host": "web-1"}}'


def reads(headers: Any, body: Any) -> bool:
    return isinstance(body, dict) and "nagios" in body


def read(headers: Any, body: Any) -> list[Alert]:
    return [Alert(name=body["nagios"]["check"], resource=body["nagios"]["host"], source="nagios")]


NAGIOS = Reader("nagios", "Nagios, known by `nagios`.", reads, read)


def giving(*readers: Any) -> ModuleType:
    """Make a plugin that gives these readers."""

    @hookimpl
    def devin_tools_provide_readers() -> list[Any]:
        return list(readers)

    module = ModuleType("a_plugin")
    vars(module)["devin_tools_provide_readers"] = devin_tools_provide_readers
    return module


Install = Callable[[ModuleType], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that pretends that this plugin is installed, and nothing else."""

    def pretend(plugin: ModuleType) -> None:
        dist = SimpleNamespace(name="a-package")
        point = SimpleNamespace(name="theirs", value="theirs", dist=dist, load=lambda: plugin)
        monkeypatch.setattr(catalog, "entry_points", lambda group: [point])

    return pretend


def test_a_strangers_reader_reads_its_events_and_rules_match_them(install: Install) -> None:
    install(giving(NAGIOS))
    readers = load_catalog().readers
    assert list(readers)[-1] == "nagios" and "standard" in readers
    event = read_event({}, BODY, readers)
    rules = Rules.model_validate({"version": 1, "rules": [{"name": "hosts", "match": {"source": "nagios"}}]})
    assert event.reader == "nagios"
    assert plan(event.alerts[0], rules, now=0).action == "start"


def test_a_reader_of_the_name_of_a_built_in_one_takes_its_place(install: Install) -> None:
    install(giving(Reader("standard", "Another.", reads, read)))
    assert read_event({}, BODY, load_catalog().readers).reader == "standard"


def test_a_plugin_that_gives_no_readers_costs_only_itself(install: Install) -> None:
    install(giving("not a reader"))
    loaded = load_catalog()
    assert "standard" in loaded.readers and [problem.plugin for problem in loaded.problems] == ["theirs"]
