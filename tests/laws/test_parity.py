"""Sync and async are one: a tool takes the same steps and gives the same output with both clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from support.both_clients import check_both_fail_alike, check_both_give_the_same
from support.fresh_worlds import fresh_world
from support.furnished import about
from support.laws import for_every
from support.tools import VERBS, examples, routed_kinds, starts_git, tools, with_verb

from devin_tools import Catalog, Client, Spec


def own_flows(verb: str | None) -> list[tuple[Spec, Mapping[str, Any]]]:
    """Return an example of each of the tools that have between them every flow, and every kind of request.

    Two tools that share a flow, as most do, take the same steps; what is in their requests is their data.
    """
    chosen = {spec.tool.flow: spec for spec in reversed(tools())}
    kinds = (*chosen.values(), *routed_kinds())
    found = {spec.name: spec for spec in kinds if with_verb(spec, verb)}
    return [(spec, spec.examples[0]) for spec in found.values() if not starts_git(spec.name)]


@pytest.fixture
def loop(folder_for_files: Path) -> Iterator[asyncio.Runner]:
    """Return what runs the asynchronous half, where files can be sent from and saved into."""
    fresh_world()  # the first is made before the test begins
    with asyncio.Runner() as runner:
        yield runner


Check = Callable[[Spec, Mapping[str, Any], pytest.MonkeyPatch, asyncio.Runner], None]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("check", [check_both_give_the_same, check_both_fail_alike])
def test_both_clients_take_the_same_steps_to_the_same_outcome(
    verb: str | None, check: Check, monkeypatch: pytest.MonkeyPatch, loop: asyncio.Runner
) -> None:
    @for_every("spec, example", lambda: own_flows(verb))
    def they_do(spec: Spec, example: Mapping[str, Any]) -> None:
        check(spec, example, monkeypatch, loop)

    they_do()


Furnished = tuple[Client, dict[str, Any]]


@contextmanager
def client_of_a_fresh_world() -> Iterator[Furnished]:
    simulator, names = fresh_world()
    with Client(**simulator.connection(), guards=()) as client:
        yield client, names


@pytest.fixture
def read_only(folder_for_files: Path) -> Iterator[Furnished]:
    with client_of_a_fresh_world() as furnished:
        yield furnished


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_is_answered_with_the_output_of_its_tool(
    verb: str | None, catalog: Catalog, read_only: Furnished
) -> None:
    @for_every("spec, example", lambda: [one for one in examples() if with_verb(one[0], verb)])
    def it_is_answered(spec: Spec, example: Mapping[str, Any]) -> None:
        changes_nothing = spec.effect.kind == "read" and spec.is_one_request
        with nullcontext(read_only) if changes_nothing else client_of_a_fresh_world() as (client, names):
            output = client.run(catalog.call(spec.name, about(spec, example, names)))
        assert isinstance(output, spec.output)

    it_is_answered()
