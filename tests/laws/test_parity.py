"""Sync and async are one: a tool takes the same steps and gives the same output with both clients."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from support.both_clients import check_both_fail_alike, check_both_give_the_same
from support.fresh_worlds import fresh_world
from support.furnished import about
from support.laws import for_every
from support.tools import each_kind, examples, routed_kinds, tools

from devin_tools import Catalog, Client, Spec


def own_flows() -> list[tuple[Spec, Mapping[str, Any]]]:
    """Return the examples of tools that have between them every flow, and every kind of request.

    Two tools that share a flow, as most do, take the same steps; what is in their requests is their data.
    """
    chosen = {spec.tool.flow: spec for spec in reversed(tools())}
    names = {spec.name for spec in (*chosen.values(), *each_kind(), *routed_kinds())}
    return [(spec, example) for spec, example in examples() if spec.name in names]


@pytest.fixture
def loop(folder_for_files: Path) -> Iterator[asyncio.Runner]:
    """Return what runs the asynchronous half, where files can be sent from and saved into."""
    fresh_world()  # the first is made before the test begins
    with asyncio.Runner() as runner:
        yield runner


@for_every("spec, example", own_flows)
def test_both_clients_take_the_same_steps_to_the_same_output(
    spec: Spec, example: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch, loop: asyncio.Runner
) -> None:
    check_both_give_the_same(spec, example, monkeypatch, loop)


@for_every("spec, example", own_flows)
def test_both_clients_fail_alike(
    spec: Spec, example: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch, loop: asyncio.Runner
) -> None:
    check_both_fail_alike(spec, example, monkeypatch, loop)


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


@for_every("spec, example", examples)
def test_every_example_is_answered_with_the_output_of_its_tool(
    spec: Spec, example: Mapping[str, Any], catalog: Catalog, read_only: Furnished
) -> None:
    changes_nothing = spec.effect.kind == "read" and spec.is_one_request
    with nullcontext(read_only) if changes_nothing else client_of_a_fresh_world() as (client, names):
        output = client.run(catalog.call(spec.name, about(spec, example, names)))
    assert isinstance(output, spec.output)
