"""Which requests meet a fault: by seed and rate, and as the command line asks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from support.laws import for_every
from support.misbehaving_api import PROMPT, in_process, misbehaving, sessions
from support.paths import DOCS
from support.simulated_api import simulated

from devin_tools import Simulator
from devin_tools.cli import cli
from devin_tools.simulator import FAULTS, Faults
from devin_tools.simulator.world import ORG_ID


def transcript(faults: Faults, ask: Callable[[httpx.Client, int], httpx.Response]) -> list[Any]:
    """Ask 150 times; return what was seen of each answer."""
    seen: list[Any] = []
    with in_process(simulated(faults=faults)) as client:
        for number in range(150):
            try:
                answer = ask(client, number)
                seen.append((answer.status_code, answer.content, answer.headers.get("retry-after")))
            except httpx.TransportError as error:
                seen.append(type(error))
    return seen


def create_or_list(client: httpx.Client, number: int) -> httpx.Response:
    path = f"/v3/organizations/{ORG_ID}/sessions"
    return client.post(path, json=PROMPT) if number % 2 else client.get(path, params={"first": 3})


def test_the_same_seed_spoils_the_same_requests_in_the_same_way():
    one, two, other = (transcript(Faults(0.3, seed=seed), create_or_list) for seed in (5, 5, 6))
    assert one == two
    assert one != other


def test_which_requests_are_spoiled_does_not_follow_from_what_they_ask():
    def spoiled(ask: Callable[[httpx.Client, int], httpx.Response]) -> list[int]:
        seen = transcript(Faults(0.3, ("down", "lost"), seed=8), ask)
        return [number for number, answer in enumerate(seen) if answer is httpx.RemoteProtocolError]

    assert spoiled(create_or_list) == spoiled(lambda client, _: client.get("/v3/self")) != []


@for_every("rate", lambda: [0, 0.05, 0.2, 0.5, 1])
def test_about_as_many_requests_are_spoiled_as_the_rate_says(rate):
    simulator = misbehaving("down", "html", "rate_limited", rate=rate)
    with in_process(simulator) as client:
        spoiled = sum(client.get("/v3/self").status_code != 200 for _ in range(200))
    assert spoiled == sum(simulator.faults.met.values())
    assert abs(spoiled - 200 * rate) <= (10 if 0 < rate < 1 else 0)


def test_every_kind_is_met_when_none_is_named():
    simulator = misbehaving(rate=0.6)
    draws = random.Random(1)
    with in_process(simulator) as client:
        while simulator.faults.met.keys() != FAULTS.keys():
            with suppress(httpx.TransportError, ValueError, KeyError):
                page = client.get(sessions(simulator), params={"first": 2}).json()
                query = {"first": 2, "after": page["end_cursor"]} if page["end_cursor"] else {}
                client.get(sessions(simulator), params=query)
            if draws.random() < 0.5:
                with suppress(httpx.TransportError):
                    client.post(sessions(simulator), json=PROMPT)
            assert len(simulator.requests) < 2_000


def test_a_kind_that_does_not_fit_a_request_leaves_it_alone():
    simulator = misbehaving("shifted", "repeated_rows", "stale", "unknown_words")
    with in_process(simulator) as client:
        assert client.get("/v3/self").status_code == 200
        assert client.get("/v3/nowhere").status_code == 404
    assert not simulator.faults.met


@for_every("kind", lambda: FAULTS)
def test_spoiled_requests_are_counted_too(kind):
    simulator = misbehaving(kind)
    with in_process(simulator) as client:
        for _ in range(3):
            with suppress(httpx.TransportError):
                client.post(sessions(simulator), json=PROMPT)
    assert simulator.requests == [("POST", sessions(simulator))] * 3
    assert simulator.count() == simulator.count("POST") == simulator.count(path_part="/sessions") == 3
    assert simulator.count("GET") == simulator.count("POST", "/messages") == 0


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"rate": -0.1}, "rate"),
        ({"rate": 1.1}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"kinds": ("lost", "eaten")}, "there are rate_limited, "),
        ({"kinds": ()}, "there are rate_limited, "),
        ({"kinds": "lost"}, "there are rate_limited, "),
        ({"seconds": 0}, "seconds"),
        ({"seconds": 3601}, "seconds"),
    ],
)
def test_impossible_faults_are_refused(given, reason):
    with pytest.raises(ValueError, match=reason):
        Faults(**given)


def test_faults_are_read_from_text():
    faults = Faults.parse("rate=0.2, kinds=lost+garbled+lost,seed=3,seconds=2.5")
    assert repr(faults) == "Faults(0.2, ('lost', 'garbled'), seed=3, seconds=2.5)"
    assert repr(Faults.parse("rate=1")) == repr(Faults(1.0))
    assert Faults(1).kinds == tuple(FAULTS)


WRONG_TEXTS = {
    "": "NAME=VALUE",
    "0.2": "NAME=VALUE",
    "rate": "NAME=VALUE",
    "speed=1": "rate, kinds, seed, seconds",
    "rate=0.1,rate=0.2": "each once",
    "rate=0.1,": "NAME=VALUE",
    "rate=often": "the rate must be a number",
    "rate=2": "from 0 to 1",
    "seed=1.5": "the seed must be a whole number",
    "seconds=": "the seconds must be a number",
    "kinds=": "no such kind",
    "kinds=lost+eaten": "there are rate_limited, ",
}


@for_every("text, reason", WRONG_TEXTS.items)
def test_the_command_says_what_is_wrong_with_its_faults(text, reason):
    ran = CliRunner().invoke(cli, ["simulator", "--faults", text])
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: Invalid value for '--faults': ")
    assert reason in ran.stderr


def test_the_documentation_lists_every_kind_of_fault():
    page = DOCS / "simulator.md"
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [row for row in rows if row[0] not in Simulator.SCENARIOS] == list(FAULTS.items())


def test_the_help_lists_every_kind_of_fault():
    listed = CliRunner().invoke(cli, ["simulator", "--help"]).stdout
    assert all(f"  {kind} " in listed for kind in FAULTS)
