"""What is not an object of arguments is refused with its place, and a hint that shows one."""

from __future__ import annotations

import pytest
from support.served_apps import simulated, together
from support.tools import built_in

from devin_tools import Simulator

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"prompt": "CANARY",}', "is not valid JSON at line 1, column 2"),
        (b"{'prompt': 'CANARY'}", "is not valid JSON at line 1, column 2: "),
        (b'```json\n{"prompt": "CANARY"}\n```', "is not valid JSON at line 1, column 1: "),
        (b'{"prompt": "CANARY"}{"prompt": "b"}', "is not valid JSON at line 1, column 21: Extra data."),
        (b'{"prompt": "CANARY", "max_acu_limit": NaN}', "is not valid JSON."),
        (b"[" * 100_000, "is not valid JSON."),
        (b'[{"prompt": "CANARY"}]', "must be a JSON object"),
        (b'"{\\"prompt\\": \\"CANARY\\"}"', "must be a JSON object"),
        (b"null", "must be a JSON object"),
    ],
)
def test_a_body_that_is_no_object_is_refused_with_its_place(body: bytes, said: str) -> None:
    simulator = Simulator()
    app = simulated(simulator, catalog=built_in())
    got = together(app, lambda client: client.post("/tools/devin_create_session", content=body, headers=JSON))
    assert got.status_code == 400
    assert said in got.json()["error"]["message"]
    assert got.json()["error"]["hint"].startswith("Send one object with the fields of the tool")
    assert "CANARY" not in got.text and simulator.requests == []
