"""For Sim's own eleven tools the dialect sends what Sim sends and gives what it gives, but for what is said.

The cases are learned by running Sim's integration: tests/data/sim_cases/README.md.
"""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.paths import DOCS
from support.sim_table import BLOCK, CALLS, DIFFERENCES, RESPONSES, TOOLS, UNDOCUMENTED, expected

from devin_tools import Catalog, Client
from devin_tools.adapters.sim import run
from devin_tools.errors import Ambiguous, InvalidArguments, MissingSetting, UnexpectedResponse
from devin_tools.export.builders.sim.declarations import SIM_TOOLS
from devin_tools.simulator.clock import SimulatedClock

DIFFERENT = [case for case in CALLS if "differs" in case]


class Sent(Exception):
    """Nothing need answer: the request is what is looked at."""


def request_of(case: dict[str, Any], catalog: Catalog, **settings: Any) -> dict[str, Any]:
    """Return the request that the dialect sends for the parameters of a case, in the words of the table."""
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


@for_every("case", lambda: CALLS)
def test_the_request_is_the_one_that_sim_sends(case: dict[str, Any], catalog: Catalog) -> None:
    should = expected(case)
    if should is not None:
        assert request_of(case, catalog) == should
        return
    with pytest.raises((InvalidArguments, MissingSetting)) as refused:
        request_of(case, catalog)
    assert "cog_example" not in repr(refused.value.as_dict())


@for_every("case", lambda: DIFFERENT)
def test_what_is_said_to_differ_does(case: dict[str, Any]) -> None:
    same = expected({key: value for key, value in case.items() if key != "differs"})
    assert expected(case) != same


@for_every("case", lambda: RESPONSES)
def test_the_output_is_the_one_that_sim_makes(case: dict[str, Any], catalog: Catalog) -> None:
    params = next(call["params"] for call in CALLS if call["tool"] == case["tool"])
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


def test_every_difference_is_documented_and_met() -> None:
    page = (DOCS / "sim.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE))
    assert rows >= DIFFERENCES.keys()
    assert {case["differs"] for case in DIFFERENT} == DIFFERENCES.keys()
    assert {case["name"].partition(": ")[2] for case in RESPONSES} >= UNDOCUMENTED


def test_all_eleven_are_in_the_table_of_the_dialect() -> None:
    assert SIM_TOOLS.keys() == TOOLS.keys() == {case["tool"] for case in CALLS}
    assert list(SIM_TOOLS) == BLOCK["access"]
