"""What the Node-RED pack does with an API that limits, repeats itself, echoes or is not there."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from support.node_red_code import NODE, answering, described, run

from devin_tools.tasks.wait_session import Resumption

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node")

KEY = "cog_CANARY_node_red"

CALL = """
const waits = [], later = setTimeout;
globalThis.setTimeout = (then, ms, ...more) => {  // fetch has timers of its own
  const isOurs = new Error().stack.split('\\n')[2].includes('api.js');
  if (isOurs) waits.push(ms);
  return later(then, isOurs ? 0 : ms, ...more);
};
const api = require('./api.js');
const main = async ({ url, key, tool, values, all, abortAfter }) => {
  const stop = new AbortController();
  if (abortAfter) later(() => stop.abort(new Error('stopped')), abortAfter);
  const account = {
    baseUrl: url, serverUrl: url, key: () => key, serverToken: () => key, org: async () => 'org-1',
  };
  const ask = tool.http ? api.callApi : api.callServer;
  const call = next => ask(account, tool, next, stop.signal, true, () => {});
  try {
    const output = await (all ? api.allPages(tool, values, call, () => {}) : call(values));
    return { output, waits };
  } catch (error) {
    return { error: error.message, statusCode: error.statusCode, waits };
  }
};
"""


def called(url: str, tool: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = run(
        CALL, {"url": url, "key": KEY, "tool": described()[tool], "values": values, "all": False, **more}
    )
    return said


def test_a_read_waits_as_long_as_it_is_asked_to_and_is_sent_again() -> None:
    limited = (429, {"retry-after": "7"}, {"detail": "Slow down"})
    with answering(limited, limited, (200, {}, {"session_id": "abc"})) as (url, asked):
        said = called(url, "devin_get_session", {"session_id": "devin-abc"})
    assert said == {"output": {"session_id": "abc"}, "waits": [7000, 7000]}
    assert len(asked) == 3


def test_no_wait_between_reads_is_longer_than_a_minute_and_tries_end() -> None:
    with answering((429, {"retry-after": "86400"}, {"detail": "Tomorrow"})) as (url, asked):
        said = called(url, "devin_get_session", {"session_id": "devin-abc"})
    assert said == {"error": "Refused with 429: Tomorrow", "statusCode": 429, "waits": [60000] * 4}
    assert len(asked) == 5


DOUBT = "It may have taken effect: look before you send it again."


@pytest.mark.parametrize(
    ("tool", "status", "doubt"),
    [
        ("devin_create_session", 429, ""),
        ("devin_create_playbook", 429, ""),
        ("devin_create_playbook", 503, f". {DOUBT}"),
    ],
)
def test_a_write_is_sent_once(tool: str, status: int, doubt: str) -> None:
    with answering((status, {"retry-after": "1"}, {"detail": "Later"})) as (url, asked):
        said = called(url, tool, {"prompt": "x"})
    assert said == {"error": f"Refused with {status}: Later{doubt}", "statusCode": status, "waits": []}
    assert len(asked) == 1


def page(first: int, count: int, cursor: str | None, **more: Any) -> tuple[int, dict[str, str], Any]:
    items = [{"session_id": f"s{number}"} for number in range(first, first + count)]
    return 200, {}, {"items": items, "end_cursor": cursor, "has_next_page": cursor is not None, **more}


def ids(said: dict[str, Any]) -> list[str]:
    return [one["session_id"] for one in said["output"]["sessions"]]


def test_rows_that_shift_between_pages_come_once() -> None:
    with answering(page(0, 3, "a"), page(2, 3, "b"), page(5, 1, None)) as (url, asked):
        said = called(url, "devin_list_sessions", {"limit": 3}, all=True)
    assert ids(said) == [f"s{number}" for number in range(6)]
    assert said["output"]["has_next_page"] is False
    assert [path.partition("?")[2] for _, path, _ in asked] == [
        "first=3",
        "first=3&after=a",
        "first=3&after=b",
    ]


def test_rows_without_an_id_are_all_kept() -> None:
    nameless = 200, {}, {"items": [{}, {}, None], "end_cursor": None, "has_next_page": False}
    with answering(nameless) as (url, _):
        assert called(url, "devin_list_sessions", {}, all=True)["output"]["sessions"] == [{}, {}, None]


def test_a_repeated_cursor_ends_the_walk_and_the_output_does_not_claim_the_end() -> None:
    with answering(page(0, 2, "a"), page(2, 2, "b"), page(4, 2, "a")) as (url, asked):
        said = called(url, "devin_list_sessions", {}, all=True)
    assert len(asked) == 3 and len(ids(said)) == 6
    assert said["output"]["has_next_page"] is True


def test_the_cursor_that_was_given_is_known_too() -> None:
    with answering(page(0, 2, "mine")) as (url, asked):
        called(url, "devin_list_sessions", {"after": "mine"}, all=True)
    assert len(asked) == 1


def test_a_walk_ends_when_nothing_new_comes() -> None:
    pages = [page(0, 1, f"cursor-{number}") for number in range(500)]
    with answering(*pages) as (url, asked):
        said = called(url, "devin_list_sessions", {}, all=True)
    assert ids(said) == ["s0"] and len(asked) == 101


SCHEDULES = [{"scheduled_session_id": f"x{number}"} for number in range(5)]


@pytest.mark.parametrize("total", [5, None])
def test_a_counted_list_is_walked_by_counting(total: int | None) -> None:
    pages = [(200, {}, {"items": SCHEDULES[at : at + 2], "total": total}) for at in (0, 2, 4)]
    with answering(*pages) as (url, asked):
        said = called(url, "devin_list_schedules", {"limit": 2}, all=True)
    assert said["output"]["schedules"] == SCHEDULES
    assert [path.partition("?")[2] for _, path, _ in asked] == [
        "limit=2",
        "limit=2&offset=2",
        "limit=2&offset=4",
    ]


def test_a_page_of_a_counted_list_says_where_the_next_begins() -> None:
    with answering((200, {}, {"items": SCHEDULES[:2], "total": 5})) as (url, _):
        said = called(url, "devin_list_schedules", {"limit": 2, "after": "2"})
    assert (said["output"]["end_cursor"], said["output"]["has_next_page"]) == ("4", True)


@pytest.mark.parametrize(
    ("tool", "values", "answer", "output"),
    [
        (
            "devin_list_session_attachments",
            {"session_id": "abc"},
            [{"name": "a.txt"}],
            {"attachments": [{"name": "a.txt"}]},
        ),
        (
            "devin_index_repositories",
            {"repositories": [{"repository_path": "acme/shop"}]},
            {"items": [{"repository_path": "acme/shop"}]},
            {"repositories": [{"repository_path": "acme/shop"}]},
        ),
    ],
)
def test_a_list_without_pages_stands_under_the_name_that_the_help_gives(
    tool: str, values: dict[str, Any], answer: Any, output: dict[str, Any]
) -> None:
    with answering((200, {}, answer)) as (url, _):
        assert called(url, tool, values)["output"] == output


def test_a_call_that_comes_back_early_is_gone_on_with() -> None:
    rest = Resumption(name="devin_wait_session", arguments={"session_id": "abc", "timeout_seconds": 5})
    early = 200, {}, {"outcome": "still_running", "resume_with": rest.model_dump()}
    with answering(early, (200, {}, {"outcome": "finished"})) as (url, asked):
        said = called(url, "devin_run_task", {"prompt": "x"})
    assert said["output"] == {"outcome": "finished"}
    assert asked == [
        ("POST", "/tools/devin_run_task", {"prompt": "x"}),
        ("POST", "/tools/devin_wait_session", rest.arguments),
    ]


@pytest.mark.parametrize("given", [{"max_seconds": 30}, {"timeout_seconds": 0.001}])
def test_a_wait_ends_when_its_own_time_is_up(given: dict[str, Any]) -> None:
    rest = Resumption(name="devin_wait_session", arguments={"session_id": "abc"}).model_dump()
    early = {"outcome": "still_running", "resume_with": rest}
    with answering((200, {}, early)) as (url, asked):
        said = called(url, "devin_wait_session", {"session_id": "abc", **given})
    assert said["output"] == early and len(asked) == 1


def test_a_list_of_the_tools_server_is_walked_too() -> None:
    pages = [
        (200, {}, {"sessions": [{"session_id": "a"}], "end_cursor": "1", "has_next_page": True}),
        (200, {}, {"sessions": [{"session_id": "b"}], "end_cursor": None, "has_next_page": False}),
    ]
    with answering(*pages) as (url, asked):
        said = called(url, "devin_list_child_sessions", {"session_id": "p"}, all=True)
    assert ids(said) == ["a", "b"]
    assert [body for _, _, body in asked] == [{"session_id": "p"}, {"session_id": "p", "after": "1"}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"detail": f"No such key: {KEY}"}, "No such key: [key]"),
        ({"title": "Invalid", "errors": [{"loc": ["body", "x"], "msg": "too long"}]}, "body.x: too long"),
        ({"error": {"kind": "api", "message": "Said so"}}, "Said so"),
        ("what is this", "no explanation"),
    ],
)
def test_a_refusal_says_what_the_api_said_and_never_the_key(content: Any, told: str) -> None:
    with answering((422, {}, content)) as (url, _):
        said = called(url, "devin_create_session", {"prompt": "x"})
    assert said["statusCode"] == 422
    assert said["error"].startswith(f"Refused with 422: {told}")


def test_nor_does_it_say_a_secret_that_was_given() -> None:
    content = {"detail": "x" * 495 + f"{KEY} hush-hush is not valid"}
    values = {"prompt": "p", "session_secrets": [{"key": "a", "value": "hush-hush"}]}
    with answering((422, {}, content), (422, {}, {"detail": "hush-hush is not valid"})) as (url, _):
        first = called(url, "devin_create_session", values)
        second = called(url, "devin_create_session", values)
    assert "cog_" not in str(first) and "hush" not in str(second)
    assert second["error"] == "Refused with 422: [secret] is not valid"


@pytest.mark.parametrize("content", [{"message": "Welcome"}, [], None, {"items": None}])
def test_an_answer_that_is_no_list_is_no_empty_list(content: Any) -> None:
    with answering((200, {}, content)) as (url, _):
        for whole in (True, False):
            said = called(url, "devin_list_sessions", {}, all=whole)
            assert said["error"] == "The API did not answer with a list."


def test_an_unusable_url_is_told() -> None:
    said = called("not a url", "devin_create_session", {"prompt": "x"})
    assert said["error"] == "The URL or the key of the account is not in order."


def test_an_api_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        said = called(url, "devin_create_session", {"prompt": "x"})
    assert said["error"] == "There is no connection (ECONNREFUSED)."


def test_a_key_that_cannot_be_sent_is_not_quoted() -> None:
    said = called("http://127.0.0.1:1", "devin_get_self", {}, key=f"{KEY}\nx")
    assert said["error"] == "The URL or the key of the account is not in order."


def test_a_running_request_can_be_stopped() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        said = called(url, "devin_create_session", {"prompt": "x"}, abortAfter=200)
    assert said["error"] == f"stopped. {DOUBT}"


def test_a_redirect_is_not_followed() -> None:
    with answering((302, {"location": "http://127.0.0.1:1/"}, {})) as (url, asked):
        said = called(url, "devin_get_self", {})
    assert said["statusCode"] == 302 and len(asked) == 1, "the key goes to the API's own host alone"


@pytest.mark.parametrize("tag", ["..", "../", "a/../../b", "..\\a"])
def test_a_value_that_leads_out_of_its_path_is_not_sent(tag: str) -> None:
    with answering((200, {}, {"tags": []})) as (url, asked):
        said = called(url, "devin_remove_allowed_tag", {"org_id": "org-1", "tag": tag})
    assert said["error"] == "An id cannot stand in a URL path. Nothing was sent."
    assert not asked
