"""A worker for those who want none of their own: what it opens is closed when somebody asks it to end.

The worker of the engine is a stand-in here; the real one runs in `nox -s temporal`.
"""

from __future__ import annotations

import signal
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import pytest
import temporalio.worker
from support.tools import built_in

from devin_tools.engines import temporal
from devin_tools.engines.temporal import connection as connecting
from devin_tools.engines.temporal.activity import Activities
from devin_tools.engines.temporal.worker import WorkerOptions, serve
from devin_tools.errors import MissingSetting, UsageError
from devin_tools.pipelines.rule_files import load_rules
from devin_tools.settings import Settings

SETTINGS = Settings.load(api_key="cog_of_the_tests", org_id="org-1")
RULES = load_rules("version: 1\nrules:\n  - name: all\n    session: {max_acu_limit: 2}\n")
CLIENT = SimpleNamespace(
    service_client=SimpleNamespace(config=SimpleNamespace(target_host="localhost:7233")), namespace="default"
)


class Engine:
    """Stands in for the engine: keeps what it was given, and whether it ended before the rest was closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.happened: list[str] = []
        self.given: dict[str, Any] = {}
        engine = self

        class Worker:
            def __init__(self, client: Any, **given: Any) -> None:
                assert client is CLIENT
                engine.given = given

            async def __aenter__(self) -> None:
                self.around = AsyncExitStack()
                for plugin in engine.given["plugins"]:
                    await self.around.enter_async_context(plugin.run_context())
                engine.happened.append("works")

            async def __aexit__(self, *_: object) -> None:
                engine.happened.append("ended")
                await self.around.aclose()

        async def connect(*_: Any, **options: Any) -> Any:
            return CLIENT

        closing = Activities.aclose

        async def aclose(activities: Activities) -> None:
            engine.happened.append("closed")
            await closing(activities)

        monkeypatch.setattr(temporalio.worker, "Worker", Worker)
        monkeypatch.setattr(connecting, "connect", connect)
        monkeypatch.setattr(Activities, "aclose", aclose)


@pytest.mark.parametrize("rules", [None, RULES], ids=["without rules", "with rules"])
def test_a_worker_works_until_it_is_asked_to_end_and_closes_after_that(
    monkeypatch: pytest.MonkeyPatch, rules: Any
) -> None:
    engine, said = Engine(monkeypatch), []

    def ready(where: str) -> None:
        said.append(where)
        signal.raise_signal(signal.SIGTERM)

    serve(WorkerOptions(rules=rules, activities_at_once=7), SETTINGS, built_in(), ready=ready)
    assert said == ["localhost:7233, namespace default"]
    assert engine.happened == ["works", "ended", "closed"]
    assert engine.given["max_concurrent_activities"] == 7
    names = [activity.__name__ for activity in engine.given["activities"]]
    assert ("tell" in names) is (rules is not None)


def test_a_worker_that_fails_closes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(monkeypatch)

    def ready(where: str) -> None:
        raise OSError("nobody reads")

    with pytest.raises(OSError, match="nobody reads"):
        serve(WorkerOptions(), SETTINGS, built_in(), ready=ready)
    assert engine.happened == ["works", "ended", "closed"]


def test_a_server_that_is_not_there_is_told_with_what_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(*_: Any, **options: Any) -> Any:
        raise RuntimeError("Failed client connect: tonic transport error")

    monkeypatch.setattr(connecting, "connect", connect)
    with pytest.raises(UsageError, match="cannot be reached") as caught:
        serve(WorkerOptions(), SETTINGS, built_in(), ready=print)
    assert "--address" in str(caught.value.hint)


def test_without_a_key_nothing_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingSetting):
        serve(WorkerOptions(), Settings(), built_in(), ready=print)


def test_names_up_to_0_1_are_found_and_warn() -> None:
    for old, new in temporal.RENAMED.items():
        with pytest.warns(DeprecationWarning, match=f"{old} is {new} now"):
            assert getattr(temporal, old) is getattr(temporal, new)
    with pytest.raises(AttributeError, match="nothing"):
        temporal.nothing  # noqa: B018 - asking for it is what fails


def test_a_proxy_that_cannot_be_used_is_told_before_a_worker_takes_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy")
    with pytest.raises(MissingSetting, match="HTTPS_PROXY"):
        temporal.activities(SETTINGS)
    assert temporal.activities(SETTINGS, transport=object())
