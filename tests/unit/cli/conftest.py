"""What commands reach in tests: a simulated API where the network would be, and one catalog for many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.shell import in_place_of_the_network
from support.tools import built_in

from devin_tools import Simulator
from devin_tools.cli.options import Options

KEY = "cog_CANARY_of-the-environment"


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """The API that the settings of the environment lead to, in its virtual time."""
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    with in_place_of_the_network(Simulator(catalog=built_in())) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def one_catalog(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all commands share a catalog: building one for each costs more with every tool that there is."""
    if "own_catalog" not in request.fixturenames:
        monkeypatch.setattr(Options, "catalog", built_in())


@pytest.fixture
def own_catalog() -> None:
    """Have each command of a test build its catalog itself, with the plugins it finds."""
