"""The n8n pack in n8n's own engine: its nodes load, run, and ask what our own client asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from external.builders.listening import SPECS, Asked, Cases, Listening, cases, expected, world
from external.builders.n8n_home import (
    HOME,
    KEY,
    Engine,
    case,
    started_engine,
    step,
    without_key_tags,
    workflow,
)
from support.hostile_words import WORDS, saying
from support.served_processes import TOKEN, served

from devin_tools import describe

if not (HOME / "node_modules" / "n8n-core").exists():
    pytest.skip("needs n8n-core: nox -s n8n", allow_module_level=True)

HOSTILE = describe(saying(WORDS[0], value="a {{ $env.PATH }} =b", default="{{ 1 + 1 }}"))

Started: TypeAlias = tuple[Engine, Listening, Cases]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what examples send."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "note.txt").write_text("A note.\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def started(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start the engine over a simulator and a tools server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEVIN_FILE_ROOT", str(files))
        simulator, names = world()
    folder = tmp_path_factory.mktemp("n8n")
    with simulator.serve() as server:
        settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_SERVE_TOKEN": TOKEN}
        with (
            served("serve", "--port", "0", **settings) as (_, tools_server),
            started_engine(folder, simulator, HOSTILE, api=server.url, tools_server=tools_server) as n8n,
        ):
            yield n8n, simulator, list(cases(names))


def test_create_list_all_and_terminate(started: Started) -> None:
    n8n, simulator, _ = started
    simulator.asked.clear()
    made = "={{ $('Create').first().json.session_id }}"
    end = step("End", "devin_terminate_session", "sessions", session_id=made)
    outputs = n8n.run(
        workflow(
            step("Create", "devin_create_session", "sessions", prompt="Fix it."),
            step("List", "devin_list_sessions", "sessions", returnAll=True, pageSize=2),
            end | {"executeOnce": True},
        )
    )
    listed = [item["session_id"] for item in outputs["List"]["items"]]
    created = outputs["Create"]["items"][0]["session_id"]
    assert created in listed and len(listed) == len(set(listed)) > 2
    assert outputs["End"]["items"][0]["status"] == "exit"
    pages = [one for one in simulator.asked if one.method == "GET" and one.path.endswith("/sessions")]
    assert len(pages) == -(-len(listed) // 2)
    assert all(dict(page.query)["first"] == "2" for page in pages)


def test_some_are_listed_when_not_all_are_wanted(started: Started) -> None:
    n8n, simulator, _ = started
    simulator.asked.clear()
    outputs = n8n.run(workflow(step("List", "devin_list_sessions", "sessions", limit=2)))
    assert len(outputs["List"]["items"]) == 2 and len(simulator.asked) == 1


def test_every_example_asks_what_our_client_asks(
    started: Started, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n8n, simulator, everything = started
    monkeypatch.setenv("DEVIN_FILE_ROOT", str(files))
    assert {spec.name for spec, _ in everything} == {spec.name for spec in SPECS}
    wrong: list[tuple[str, list[Asked], list[Asked], object]] = []
    for spec, arguments in everything:
        simulator.asked.clear()
        outputs = n8n.run(case(spec, arguments))
        wanted = expected(spec, arguments)
        if spec.paging and "limit" not in arguments:  # the node always says how many it wants
            size = {"first" if spec.paging.style == "cursor" else "limit": "50"}
            wanted = [replace(one, query=tuple(sorted((*one.query, *size.items())))) for one in wanted]
        asked = [without_key_tags(one) for one in simulator.asked]
        if asked != wanted:
            wrong.append((spec.name, asked, wanted, outputs))
    assert not wrong


@pytest.mark.parametrize("given", ["{id}", "devin-{id}", " https://app.devin.ai/sessions/{id}/ "])
def test_ids_are_taken_as_people_paste_them(started: Started, given: str) -> None:
    n8n, simulator, _ = started
    bare = next(iter(simulator.world.sessions)).removeprefix("devin-")
    ask = step("Get", "devin_get_session", "sessions", session_id=given.format(id=bare))
    assert n8n.run(workflow(ask))["Get"]["items"][0]["session_id"] == bare
    many = {"session_ids": f"{given.format(id=bare)}, {bare}"}
    listed = n8n.run(
        workflow(step("List", "devin_list_sessions", "sessions", limit=5, additionalFields=many))
    )
    assert [item["session_id"] for item in listed["List"]["items"]] == [bare]


def test_a_refusal_is_told_in_the_api_s_words(started: Started) -> None:
    n8n, _, _ = started
    outputs = n8n.run(workflow(step("Get", "devin_get_session", "sessions", session_id="0000")))
    assert outputs["Get"]["error"] == "Refused with 404: Session not found"
    assert outputs["Get"]["description"].startswith("See that the id is right")
    outputs = n8n.run(workflow(step("End", "devin_terminate_session", "sessions", session_id="0000")))
    assert outputs["End"]["description"].startswith("It was refused, so nothing was changed.")


def test_rows_and_errors_know_the_item_that_they_came_from(started: Started) -> None:
    n8n, simulator, _ = started
    there = next(iter(simulator.world.sessions))
    items = [{"n": 1, "id": "devin-nope"}, {"n": 2, "id": there}, {"n": 3}]
    of_start = {"session_id": there, "tags": "={{ 'n' + $('Start').item.json.n }}"}
    tag = step("Tag", "devin_replace_session_tags", "tags", **of_start)
    outputs = n8n.run(workflow(step("List", "devin_list_sessions", "sessions", limit=2), tag, items=items))
    assert outputs["List"]["paired"] == [{"item": item} for item in (0, 0, 1, 1, 2, 2)]
    assert len(outputs["Tag"]["items"]) == 6
    get = step("Get", "devin_get_session", "sessions", session_id="={{ $json.id }}")
    outputs = n8n.run(workflow(get | {"onError": "continueErrorOutput"}, tag, items=items))
    assert outputs["Get"]["paired"] == [{"item": 1}]
    refused, unread = outputs["Get"]["failed"]
    assert refused == {
        "json": items[0] | {"error": "Refused with 404: Session not found"},
        "pairedItem": {"item": 0},
    }
    assert unread["pairedItem"] == {"item": 2} and "session_id" in unread["json"]["error"]
    assert simulator.world.sessions[there].tags == ["n2"]
    outputs = n8n.run(workflow(get | {"onError": "continueRegularOutput"}, items=items))
    assert outputs["Get"]["paired"] == [{"item": item} for item in range(3)]


def test_a_node_without_an_operation_asks_nothing(started: Started) -> None:
    n8n, simulator, _ = started
    simulator.asked.clear()
    node = step("Update", "devin_update_playbook", "playbooks", node_="devinToolsServer")
    del node["parameters"]["operation"]
    outputs = n8n.run(workflow(node))
    assert "No operation" in (outputs["Update"].get("error", "")) and not simulator.asked


def test_a_tool_of_many_calls_runs_on_the_tools_server(started: Started) -> None:
    n8n, simulator, _ = started
    session_id = next(iter(simulator.world.sessions))
    simulator.clock.step(3600)
    rest = {"settle_seconds": 0}
    wait = {"node_": "devinToolsServer", "session_id": session_id, "additionalFields": rest}
    tool = ("Wait", "devin_wait_session", "sessions")
    outputs = n8n.run(workflow(step(*tool, **wait)))
    assert outputs["Wait"]["items"][0]["outcome"] in ("finished", "ended"), outputs
    wrong = n8n.run(
        workflow(step("Wait", "devin_wait_session", "sessions", **wait | {"session_id": "a?b c"}))
    )
    assert wrong["Wait"]["error"].startswith("Refused with 422: The arguments do not fit")


def test_words_of_a_plugin_are_sent_as_they_are(started: Started) -> None:
    n8n, simulator, _ = started
    simulator.asked.clear()
    option, default = "a {{ $env.PATH }} =b", "{{ 1 + 1 }}"
    fields = {"chosen": option, "additionalFields": {"text": default}}
    n8n.run(workflow(step("Say", "devin_say_words", HOSTILE.resource, **fields)))
    [asked] = simulator.asked
    assert dict(asked.query) == {"chosen": option, "text": default}
