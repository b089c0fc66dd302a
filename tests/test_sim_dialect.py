"""For Sim's own eleven tools the dialect sends what Sim sends and gives what Sim gives, but for what is documented.

The cases are learned by running Sim's integration: tests/sim_cases/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from devin_tools import Catalog, Client
from devin_tools.errors import Ambiguous, InvalidArguments, MissingSetting, UnexpectedResponse
from devin_tools.sim_dialect import run
from devin_tools.sim_dialect.known import KNOWN
from devin_tools.simulator.clock import SimulatedClock

HERE = Path(__file__).parent
LEARNED = json.loads((HERE / "sim_cases" / "learned.json").read_text(encoding="utf-8"))
PAGE = (HERE.parent / "docs" / "sim.md").read_text(encoding="utf-8")

CALLS = [pytest.param(case, id=case["name"]) for case in LEARNED["calls"]]
RESPONSES = [pytest.param(case, id=case["name"]) for case in LEARNED["responses"]]

BARE = "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"


def prefixed(request: dict[str, Any], name: str) -> dict[str, Any]:
    path = re.sub(f"/sessions/.*{BARE}", f"/sessions/devin-{BARE}", request["path"])
    return request | {"path": path}


def numbered(request: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Text with a number in it is that number, empty text is not sent, and words are refused."""
    text = request["body"].get("max_acu_limit")
    if "words" in name:
        return None
    rest = {key: value for key, value in request["body"].items() if key != "max_acu_limit"}
    return request | {"body": rest | ({"max_acu_limit": int(text)} if text else {})}


def flagged(request: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Sim takes any text for true, and its block any word for false."""
    return request | {"query": []} if '"false"' in name else None


def titled(request: dict[str, Any], name: str) -> dict[str, Any]:
    return request | {"body": request["body"] | {"title": "A title"}}


def nothing(request: dict[str, Any], name: str) -> None:
    return None


OURS: dict[str, Callable[[dict[str, Any], str], dict[str, Any] | None]] = {
    "session-prefix": prefixed,
    "number-text": numbered,
    "flag-text": flagged,
    "more-parameters": titled,
    "hostile-id": nothing,
    "unknown-parameter": nothing,
    "bounds": nothing,
    "tag-not-text": nothing,
    "blank-tags": nothing,
    "playbook-spaces": nothing,
}
"""What the dialect sends instead of what Sim sends; `None`: it refuses, and sends nothing."""

UNDOCUMENTED = {
    "null page fields",
    "no id",
    "an empty object",
    "null lists and flags",
    "no items",
    "null items",
    "null",
    "empty",
}
"""Answers that the API never documented: the dialect says so, where Sim gives keys full of nulls."""


class Sent(Exception):
    """Nothing need answer: the request is what is looked at."""


def request_of(case: dict[str, Any], catalog: Catalog, **settings: Any) -> dict[str, Any]:
    """Give the request that the dialect sends for the parameters of a case, in the words of the table."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        raise Sent

    given = {"api_key": "cog_other", "org_id": "org-other", "tag_creates": False, "guards": ()} | settings
    with Client(transport=httpx.MockTransport(answer), **given) as client, pytest.raises(Sent):
        run(client, case["tool"], case["params"], catalog=catalog)
    (request,) = seen
    return {
        "method": request.method,
        "origin": f"{request.url.scheme}://{request.url.host}",
        "path": request.url.path,
        "query": [list(pair) for pair in request.url.params.multi_items()],
        "headers": {
            name: request.headers[name]
            for name in ("authorization", "content-type")
            if name in request.headers
        },
        "body": json.loads(request.content) if request.content else None,
    }


def expected(case: dict[str, Any]) -> dict[str, Any] | None:
    """Give what is to be sent: what Sim sends, without the name by which it introduces itself."""
    if "error" in case:
        return None
    headers = {name: value for name, value in case["request"]["headers"].items() if name != "user-agent"}
    request = case["request"] | {"headers": headers}
    return OURS[case["differs"]](request, case["name"]) if "differs" in case else request


@pytest.mark.parametrize("case", CALLS)
def test_the_request_is_the_one_that_sim_sends(case: dict[str, Any], catalog: Catalog) -> None:
    should = expected(case)
    if should is not None:
        assert request_of(case, catalog) == should
        return
    with pytest.raises((InvalidArguments, MissingSetting)) as refused:
        request_of(case, catalog)
    assert "cog_example" not in repr(refused.value.as_dict())


@pytest.mark.parametrize("case", [case for case in CALLS if "differs" in case.values[0]])
def test_what_is_said_to_differ_does(case: dict[str, Any]) -> None:
    same = expected({key: value for key, value in case.items() if key != "differs"})
    assert expected(case) != same


@pytest.mark.parametrize("case", RESPONSES)
def test_the_output_is_the_one_that_sim_makes(case: dict[str, Any], catalog: Catalog) -> None:
    params = next(call["params"] for call in LEARNED["calls"] if call["tool"] == case["tool"])
    answer = httpx.MockTransport(lambda request: httpx.Response(200, json=case["body"]))
    with Client(
        transport=answer, api_key="cog_other", tag_creates=False, guards=(), clock=SimulatedClock()
    ) as client:
        if case["name"].partition(": ")[2] in UNDOCUMENTED:
            with pytest.raises((UnexpectedResponse, Ambiguous)):
                run(client, case["tool"], params, catalog=catalog)
            return
        output = run(client, case["tool"], params, catalog=catalog)
    assert json.dumps(output) == json.dumps(case["output"])  # the order of the keys and 1 beside 1.0, too


def test_every_difference_is_documented() -> None:
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))
    assert rows >= OURS.keys() and {case["differs"] for case in LEARNED["calls"] if "differs" in case} == set(
        OURS
    )


def test_all_eleven_are_in_the_table_of_the_dialect() -> None:
    assert (
        KNOWN.keys()
        == {tool["id"] for tool in LEARNED["tools"]}
        == {case["tool"] for case in LEARNED["calls"]}
    )
    assert list(KNOWN) == LEARNED["block"]["access"]
