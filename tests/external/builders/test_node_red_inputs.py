"""What the typed inputs of Node-RED give to a field that cannot hold it: the call stops, and names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from external.builders.listening import Listening
from external.builders.node_red_home import ACCOUNT, entrance, node_red, tool_node, user_directory
from external.builders.test_node_red import HOME, free_port

from devin_tools import load_catalog
from devin_tools.export.builders.node_red import node_red_files

CREATE, LIST, REPLACE = "devin-create-session", "devin-list-sessions", "devin-replace-session-tags"
SCHEDULE = "devin-update-schedule"
REQUIRED = {
    CREATE: ("prompt", "x", "str"),
    REPLACE: ("session_id", "abc", "str"),
    SCHEDULE: ("schedule_id", "sched-1", "str"),
}
"""What else the tools want."""


class Case(NamedTuple):
    """A field, how it is filled, and what is told of it; the message holds `payload.odd`."""

    type: str
    field: str
    value: str
    kind: str
    told: str
    odd: Any = None


NOTHING = "holds nothing"
STOPPED = [
    Case(CREATE, "max_acu_limit", "payload.nothing", "msg", NOTHING),
    Case(CREATE, "max_acu_limit", "payload.nothing.deeper", "msg", NOTHING),
    Case(CREATE, "max_acu_limit", "payload.odd", "msg", NOTHING, None),
    Case(CREATE, "max_acu_limit", "never_set", "flow", NOTHING),
    Case(CREATE, "max_acu_limit", "never_set", "global", NOTHING),
    Case(CREATE, "max_acu_limit", "NEVER_SET_ANYWHERE", "env", NOTHING),
    Case(CREATE, "max_acu_limit", "${NEVER_SET_ANYWHERE}", "env", NOTHING),
    Case(CREATE, "max_acu_limit", "${NEVER_SET_ANYWHERE}0", "env", "names a variable that is not set"),
    Case(CREATE, "max_acu_limit", "payload.nothing", "jsonata", NOTHING),
    Case(CREATE, "max_acu_limit", "payload.", "jsonata", "could not be evaluated"),
    Case(CREATE, "max_acu_limit", "", "num", "is empty"),
    Case(CREATE, "max_acu_limit", "five", "num", "is not a number"),
    Case(CREATE, "max_acu_limit", "${NEVER_SET_ANYWHERE}", "num", "is not a number"),
    Case(CREATE, "max_acu_limit", "5.5", "num", "is not a whole number"),
    Case(CREATE, "max_acu_limit", "payload.odd", "msg", "is not a number", "five"),
    Case(CREATE, "max_acu_limit", "payload.odd", "msg", "is not a number", True),
    Case(CREATE, "max_acu_limit", "payload.odd", "msg", "is not a number", [5]),
    Case(CREATE, "max_acu_limit", "payload.odd", "msg", "is empty", ""),
    Case(CREATE, "max_acu_limit", "payload.odd * 1.5", "jsonata", "is not a whole number", 5),
    Case(CREATE, "session_secrets", "payload.nothing", "msg", NOTHING),
    Case(CREATE, "session_secrets", "payload.odd", "msg", "is not JSON", "my-token"),
    Case(CREATE, "session_secrets", "payload.odd", "msg", "is not a list", {"key": "A", "value": "b"}),
    Case(CREATE, "session_secrets", "payload.odd", "msg", "lacks value at 0", [{"key": "A"}]),
    Case(CREATE, "session_secrets", "payload.odd", "msg", "is a reference", [{"key": "A", "value": "env:B"}]),
    Case(CREATE, "secret_ids", "payload.nothing", "msg", NOTHING),
    Case(CREATE, "structured_output_schema", '{"type": "object"', "json", "is not JSON"),
    Case(CREATE, "structured_output_schema", "payload.odd", "msg", "is not JSON", '{"type": "object"'),
    Case(CREATE, "structured_output_schema", "payload.odd", "msg", "is not a JSON object", "[1]"),
    Case(CREATE, "structured_output_schema", "payload.odd", "msg", "is not a JSON object", 5),
    Case(CREATE, "tags", "payload.odd", "msg", "holds what stands for no value", "undefined"),
    Case(CREATE, "tags", "payload.odd", "msg", "holds what stands for no value", ["a", "[object Object]"]),
    Case(CREATE, "tags", "payload.odd", "msg", "is not JSON", '["a"'),
    Case(CREATE, "tags", "payload.odd", "msg", "is JSON, but not a list", '{"a": 1}'),
    Case(CREATE, "tags", "payload.odd", "msg", "is not a list", {"a": 1}),
    Case(CREATE, "tags", "${TEAM_NEVER_SET}", "str", "holds what stands for no value"),
    Case(CREATE, "resumable", "", "bool", "is neither true nor false"),
    Case(CREATE, "resumable", "yes", "bool", "is neither true nor false"),
    Case(CREATE, "resumable", "payload.odd", "msg", "is neither true nor false", 1),
    Case(CREATE, "prompt", "payload.nothing", "msg", "is required"),
    Case(CREATE, "prompt", "payload.odd", "msg", "is empty", " "),
    Case(CREATE, "prompt", "payload.odd", "msg", "is not text", {"a": 1}),
    Case(CREATE, "prompt", "payload.odd", "msg", "holds what stands for no value", "[object Object]"),
    Case(CREATE, "prompt", "{{payload.prompt}}", "str", "holds what stands for no value"),
    Case(LIST, "created_after", "", "num", "is empty"),
    Case(LIST, "category", "payload.odd", "msg", "is not text", ["bug"]),
    Case(SCHEDULE, "enabled", "payload.nothing", "msg", NOTHING),
    Case(REPLACE, "tags", "payload.odd", "msg", "holds nothing; for an empty list", ""),
    Case(REPLACE, "tags", "payload.odd", "msg", "cannot be null", None),
    Case(REPLACE, "tags", "payload.nothing", "msg", "is required"),
]

LIST_OF = ["ops", "x,y"]
TAKEN = [
    Case(REPLACE, "tags", "payload.odd", "msg", "", '["ops", "x,y"]'),
    Case(REPLACE, "tags", "payload.odd", "msg", "", '\ufeff ["ops", "x,y"] '),
    Case(REPLACE, "tags", "payload.odd", "msg", "", LIST_OF),
    Case(REPLACE, "tags", '["ops", "x,y"]', "json", ""),
    Case(REPLACE, "tags", '["ops", "x,y"]', "str", ""),
    Case(REPLACE, "tags", "payload.odd", "jsonata", "", LIST_OF),
]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Listening, str]]:
    simulator = Listening(seed=1, sessions=1)
    nodes: list[dict[str, Any]] = [{"id": "tab", "type": "tab", "label": "Tests"}]
    for number, case in enumerate([*STOPPED, *TAKEN]):
        others = [REQUIRED[case.type]] if case.type in REQUIRED and case.field != "prompt" else []
        filled = dict[str, str]()
        for field, value, kind in [*others, case[1:4]]:
            filled |= {f"f_{field}": value, f"f_{field}Type": kind}
        nodes += [tool_node(f"case {number}", case.type, ["out"], **filled)]
        nodes += entrance(f"/{number}", f"case {number}")
    with simulator.serve() as server:
        account = {"id": ACCOUNT, "type": "devin-account", "baseUrl": server.url, "orgId": "org-1"}
        flows = [account, *{one["id"]: one for one in nodes}.values()]
        pack = node_red_files([*load_catalog(plugins=())])
        folder = user_directory(tmp_path_factory.mktemp("inputs"), pack, flows, {"key": "cog_any"})
        with node_red(HOME, folder, free_port()) as url:
            yield simulator, url


@pytest.mark.parametrize("number", range(len(STOPPED)), ids=lambda number: "-".join(STOPPED[number][1:4]))
def test_what_a_field_cannot_hold_stops_the_call(started: tuple[Listening, str], number: int) -> None:
    simulator, url = started
    simulator.asked.clear()
    case = STOPPED[number]
    said = httpx.post(f"{url}/{number}", json={"odd": case.odd}, timeout=60).json()
    assert said["error"].startswith(f"Error: {case.field}: {case.told}")
    assert said["error"].endswith("Nothing was sent.")
    assert simulator.asked == []


@pytest.mark.parametrize("number", range(len(TAKEN)))
def test_text_that_is_a_json_list_is_that_list(started: tuple[Listening, str], number: int) -> None:
    simulator, url = started
    simulator.asked.clear()
    httpx.post(f"{url}/{number + len(STOPPED)}", json={"odd": TAKEN[number].odd}, timeout=60)
    assert [one.body for one in simulator.asked] == [{"tags": LIST_OF}]
