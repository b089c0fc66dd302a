"""A create takes effect once: after every ambiguous end it is looked for, adopted, or made again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from support.driving import EPOCH, Driver, ok
from support.laws import for_every

from devin_tools.api import CreateSession, create_session
from devin_tools.api.shared.once import KEY_TAG, LOOKS, tag_of_key
from devin_tools.errors import (
    Ambiguous,
    ApiError,
    ConnectionFailed,
    ConnectionLost,
    DevinToolsError,
    InvalidArguments,
    ServerFault,
    UnexpectedResponse,
)
from devin_tools.flow import Draw, Setting
from devin_tools.wire import Request, Response

AMBIGUOUS: dict[str, Any] = {
    "lost": ConnectionLost("It broke."),
    "500": Response(500, b"{}"),
    "502 as a page": Response(502, b"<html>Bad gateway</html>"),
    "503": Response(503, b"{}"),
    "504": Response(504, b""),
    "garbled": Response(200, b"<html>Hello</html>"),
    "truncated": Response(201, b'{"session_id": "4f3a'),
    "empty": Response(204),
    "without an id": Response(200, b'{"status": "new"}'),
}
CLEAR: dict[str, Any] = {
    **{str(status): Response(status, b"{}") for status in (301, 400, 401, 403, 404, 409, 422, 429)},
    "never connected": ConnectionFailed("Nobody listens."),
}
CALL = CreateSession(prompt="x", tags=["team:payments"])

every_ambiguous_end = for_every("end", AMBIGUOUS.values)


class Sessions:
    """The sessions of an organisation, behind a connection that ends each create in a given way.

    An end is an answer, and whether the session was made all the same. The list shows a session
    only after `hidden` looks, as archived if `archived`, and `lies` are sessions it always shows.
    """

    def __init__(
        self, *ends: tuple[Any, bool], hidden: int = 0, archived: bool = False, lies: Any = ()
    ) -> None:
        self.ends: Iterator[tuple[Any, bool]] = iter(ends)
        self.hidden, self.archived, self.lies = hidden, archived, list(lies)
        self.made: list[dict[str, Any]] = []
        self.looks = 0

    def __call__(self, request: Request) -> Any:
        return self._list(dict(request.query)) if request.method == "GET" else self._create(request)

    def _create(self, request: Request) -> Any:
        answer, lands = next(self.ends, (None, True))
        body = dict(request.body or {})
        session = {"session_id": f"s{len(self.made)}", "tags": body["tags"], "created_at": len(self.made)}
        if lands:
            self.made.append(session)
        return ok(session) if answer is None else answer

    def _list(self, query: dict[str, str]) -> Any:
        is_archived = query["is_archived"] == "true"
        self.looks += not is_archived
        is_seen = self.looks > self.hidden and is_archived == self.archived
        fitting = [session for session in self.made if query["tags"] in session["tags"]] if is_seen else []
        return ok({"items": [*self.lies, *fitting]})


def tags_of(request: Request) -> list[str]:
    return list((request.body or {})["tags"])


@every_ambiguous_end
def test_a_session_that_was_made_after_all_is_adopted(end: Any) -> None:
    api = Sessions((end, True))
    driver = Driver(api)
    session = driver.run(CALL.flow())
    assert (session.session_id, session.creation) == ("s0", "adopted")
    assert (len(driver.writes), len(api.made), driver.pauses) == (1, 1, [LOOKS[0]])


@every_ambiguous_end
def test_a_session_that_was_not_made_is_made_again_under_the_same_tag(end: Any) -> None:
    api = Sessions((end, False))
    driver = Driver(api)
    session = driver.run(CALL.flow())
    assert (session.session_id, session.creation) == ("s0", "created")
    first, second = driver.writes
    assert tags_of(first) == tags_of(second) and len(api.made) == 1
    assert driver.pauses == [*LOOKS]


@for_every("end", CLEAR.values)
def test_a_clear_end_is_raised_at_once_and_nothing_is_looked_for(end: Any) -> None:
    driver = Driver(Sessions((end, False)))
    with pytest.raises((ApiError, ConnectionFailed, UnexpectedResponse)) as caught:
        driver.run(CALL.flow())
    assert not isinstance(caught.value, ServerFault)
    assert [step for step in driver.steps if not isinstance(step, Draw | Setting)] == driver.writes
    assert len(driver.writes) == 1


def test_a_session_that_was_archived_meanwhile_is_found_too() -> None:
    api = Sessions((AMBIGUOUS["lost"], True), archived=True)
    assert Driver(api).run(CALL.flow()).creation == "adopted"
    assert len(api.made) == 1


@pytest.mark.parametrize("hidden", range(len(LOOKS)))
def test_a_session_that_is_listed_late_is_waited_for(hidden: int) -> None:
    api = Sessions((AMBIGUOUS["lost"], True), hidden=hidden)
    driver = Driver(api)
    assert driver.run(CALL.flow()).creation == "adopted"
    assert (len(api.made), driver.pauses) == (1, [*LOOKS[: hidden + 1]])


@pytest.mark.parametrize("most", [1, 2, 5])
def test_it_gives_up_after_as_many_tries_as_the_settings_say(most: int) -> None:
    driver = Driver(Sessions(*[(AMBIGUOUS["lost"], False)] * 9), max_tries=most)
    with pytest.raises(ConnectionLost) as caught:
        driver.run(CALL.flow())
    assert len(driver.writes) == caught.value.tries == most
    assert caught.value.gave_up == f"the limit of {most} tries is reached"
    assert driver.now - EPOCH == most * 15


def test_a_second_create_that_is_lost_too_is_looked_for_as_well() -> None:
    api = Sessions((AMBIGUOUS["500"], False), (AMBIGUOUS["lost"], True))
    driver = Driver(api)
    assert driver.run(CALL.flow()).creation == "adopted"
    assert (len(driver.writes), len(api.made)) == (2, 1)


def test_a_refusal_of_the_second_create_is_the_end() -> None:
    driver = Driver(Sessions((AMBIGUOUS["500"], False), (Response(403, b"{}"), False)))
    with pytest.raises(ApiError, match="403"):
        driver.run(CALL.flow())
    assert len(driver.writes) == 2


@pytest.mark.parametrize("answer", [Response(403, b"{}"), Response(500, b"{}"), ConnectionFailed("No.")])
def test_when_looking_fails_to_the_last_the_create_is_ambiguous_and_not_repeated(answer: Any) -> None:
    driver = Driver(lambda request: answer if request.method == "GET" else AMBIGUOUS["lost"])
    with pytest.raises(Ambiguous, match="may have taken effect, and looking for it failed") as caught:
        driver.run(CALL.flow())
    assert len(driver.writes) == 1 and not caught.value.retryable
    assert isinstance(caught.value.__cause__, DevinToolsError)


def test_a_look_that_fails_is_not_the_last_one() -> None:
    api = Sessions((AMBIGUOUS["lost"], True))
    broken = iter([Response(403, b"{}"), Response(200, b"<html>"), ConnectionLost("Again.")])

    def answer(request: Request) -> Any:
        return next(broken, None) or api(request) if request.method == "GET" else api(request)

    driver = Driver(answer)
    assert driver.run(CALL.flow()).creation == "adopted"
    assert len(driver.writes) == 1


def test_a_last_look_that_works_tells_that_nothing_is_there() -> None:
    api = Sessions((AMBIGUOUS["lost"], False))
    broken = iter([Response(403, b"{}")] * 3)

    def answer(request: Request) -> Any:
        return next(broken, None) or api(request) if request.method == "GET" else api(request)

    assert Driver(answer).run(CALL.flow()).creation == "created"
    assert len(api.made) == 1


@for_every("end, is_off", lambda: product(AMBIGUOUS.values(), [True, False]))
def test_without_a_tag_an_ambiguous_create_is_reported_and_never_repeated(end: Any, is_off: bool) -> None:
    call = CreateSession(prompt="x", tags=["t"] if is_off else [f"t{n}" for n in range(50)])
    driver = Driver([end], tag_creates=not is_off)
    with pytest.raises(Ambiguous, match="The write may have taken effect"):
        driver.run(call.flow())
    (request,) = driver.requests
    assert tags_of(request) == call.tags


@pytest.mark.parametrize("tags", [None, [], ["a"], [f"t{n}" for n in range(49)]])
def test_the_users_tags_are_kept_and_one_more_fits(tags: list[str] | None) -> None:
    driver = Driver(Sessions())
    driver.run(CreateSession(prompt="x", tags=tags).flow())
    sent = tags_of(driver.requests[0])
    assert sent[:-1] == (tags or []) and len(sent) <= 50
    assert re.fullmatch(re.escape(KEY_TAG) + "[0-9a-f]{32}", sent[-1])


def test_every_create_has_a_tag_of_its_own() -> None:
    tags = set()
    for chance in (0.1, 0.2, 0.3):
        driver = Driver(Sessions(), chance=chance)
        driver.run(CALL.flow())
        tags.add(tags_of(driver.requests[0])[-1])
    assert len(tags) == 3


def test_sessions_that_the_servers_filter_lets_through_wrongly_are_not_adopted() -> None:
    api = Sessions((AMBIGUOUS["lost"], False), lies=[{"session_id": "other", "tags": ["team:payments"]}])
    session = Driver(api).run(CALL.flow())
    assert (session.session_id, session.creation) == ("s0", "created")


@pytest.mark.parametrize("archived", [False, True])
def test_a_key_adopts_what_an_earlier_call_made(archived: bool) -> None:
    api = Sessions(archived=archived)
    call = CreateSession(prompt="x", idempotency_key="nightly-42")
    driver = Driver(api)
    first, second = driver.run(call.flow()), driver.run(call.flow())
    assert (first.creation, second.creation) == ("created", "adopted")
    assert first.session_id == second.session_id and len(driver.writes) == 1


def test_of_several_sessions_of_one_key_the_oldest_is_adopted() -> None:
    tag = tag_of_key("k")
    ages = [("young", 30), ("oldest", 10), ("old", 20)]
    lies = [{"session_id": name, "tags": [tag], "created_at": age} for name, age in ages]
    session = Driver(Sessions(lies=lies)).run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert (session.session_id, session.creation) == ("oldest", "adopted")


@every_ambiguous_end
def test_a_create_with_a_key_is_looked_for_by_it(end: Any) -> None:
    api = Sessions((end, True))
    session = Driver(api).run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert (session.creation, len(api.made)) == ("adopted", 1)


def test_a_key_is_sent_as_a_digest_only() -> None:
    driver = Driver(Sessions())
    driver.run(CreateSession(prompt="x", tags=["a"], idempotency_key="CANARY-key").flow())
    assert "CANARY" not in json.dumps([[r.path, r.query, r.body] for r in driver.requests])
    assert "idempotency_key" not in (driver.writes[0].body or {})
    assert tags_of(driver.writes[0]) == ["a", tag_of_key("CANARY-key")]
    assert re.fullmatch(re.escape(KEY_TAG) + "[0-9a-f]{32}", tag_of_key("CANARY-key"))


def test_two_keys_make_two_sessions() -> None:
    api = Sessions()
    driver = Driver(api)
    for key in ("a", "b"):
        driver.run(CreateSession(prompt="x", idempotency_key=key).flow())
    assert len(api.made) == 2


@pytest.mark.parametrize(
    ("tags", "options"), [([f"t{n}" for n in range(50)], {}), (["a"], {"tag_creates": False})]
)
def test_a_key_without_room_for_its_tag_is_refused_before_anything_is_sent(
    tags: list[str], options: dict[str, Any]
) -> None:
    driver = Driver(**options)
    with pytest.raises(InvalidArguments, match="no room for one") as caught:
        driver.run(CreateSession(prompt="x", tags=tags, idempotency_key="CANARY-key").flow())
    assert driver.requests == [] and "CANARY" not in repr(caught.value.as_dict())


def pages_of(count: int) -> Any:
    """Answer with pages of one session each, the newest first, all with the tag of the key `k`."""

    def answer(request: Request) -> Response:
        assert request.method == "GET"
        number = int(dict(request.query).get("after", 0))
        session = {"session_id": f"s{number}", "tags": [tag_of_key("k")], "created_at": 10_000 - number}
        is_more = number + 1 < count
        return ok({"items": [session], "has_next_page": is_more, "end_cursor": str(number + 1)})

    return answer


def test_a_key_adopts_the_oldest_session_of_all_pages() -> None:
    driver = Driver(pages_of(5))
    session = driver.run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert (session.session_id, session.creation, len(driver.requests)) == ("s4", "adopted", 10)


def test_a_key_whose_sessions_fill_too_many_pages_creates_none_and_says_so() -> None:
    driver = Driver(pages_of(create_session.MAX_PAGES + 1))
    with pytest.raises(InvalidArguments, match="fill more than 50 pages") as caught:
        driver.run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert not driver.writes
    assert "nothing" not in str(caught.value.as_dict())


@for_every(
    "active, archived, adopted, count",
    lambda: [
        ([("copy", 30)], [], "copy", 1),
        ([], [("copy", 30), ("first", 10)], "first", 2),
        ([("copy", 30), ("other", 20)], [("first", 10)], "first", 2),
        ([("copy", 30), ("first", 10)], [("other", 20)], "first", 2),
        ([("copy", 30), ("first", 10)], [], "first", 2),
    ],
)
def test_of_several_sessions_of_a_key_the_oldest_is_adopted_though_it_is_archived(
    active: Any, archived: Any, adopted: str, count: int
) -> None:
    def answer(request: Request) -> Response:
        listed = archived if dict(request.query)["is_archived"] == "true" else active
        return ok(
            {"items": [{"session_id": n, "tags": [tag_of_key("k")], "created_at": at} for n, at in listed]}
        )

    driver = Driver(answer)
    session = driver.run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert (session.session_id, session.creation, len(driver.requests)) == (adopted, "adopted", count)


class Unfiltered:
    """An API that lists all sessions, page by page, whatever tags are asked for; creates are lost."""

    def __init__(self, pages: int, tagged: int | None = None, answer: Any = AMBIGUOUS["lost"]) -> None:
        self.pages, self.tagged, self.answer = pages, tagged, answer

    def __call__(self, request: Request) -> Any:
        if request.method != "GET":
            return self.answer
        number = int(dict(request.query).get("after", 0))
        tags = [tag_of_key("k")] if number == self.tagged else ["other"]
        page = [{"session_id": f"s{number}", "tags": tags}] if self.pages else []
        return ok({"items": page, "has_next_page": number + 1 < self.pages, "end_cursor": str(number + 1)})


CREATED = ok({"session_id": "new", "tags": []})
MANY = create_session.MAX_PAGES + 1


@for_every("pages", lambda: [0, 1, create_session.MAX_PAGES])
def test_a_list_that_is_not_filtered_is_looked_through_to_its_end(pages: int) -> None:
    session = Driver(Unfiltered(pages, answer=CREATED)).run(
        CreateSession(prompt="x", idempotency_key="k").flow()
    )
    assert session.creation == "created"


def test_what_bears_the_tag_in_a_list_that_is_not_filtered_is_adopted() -> None:
    session = Driver(Unfiltered(MANY, 7)).run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert (session.session_id, session.creation) == ("s7", "adopted")


def test_a_list_that_is_not_filtered_and_too_long_tells_nothing_and_nothing_is_created() -> None:
    driver = Driver(Unfiltered(MANY))
    with pytest.raises(InvalidArguments, match="do not tell whether there is one") as caught:
        driver.run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert not driver.writes and "parameter `tags`" in caught.value.hint


def test_after_a_lost_answer_such_a_list_leaves_it_open_whether_the_session_was_made() -> None:
    driver = Driver(Unfiltered(MANY))
    with pytest.raises(Ambiguous, match=r"may have taken effect.*do not tell whether") as caught:
        driver.run(CALL.flow())
    assert len(driver.writes) == 1 and "nothing" not in str(caught.value.as_dict())


def test_pages_that_hold_nothing_and_never_end_do_not_tell_either() -> None:
    def answer(request: Request) -> Response:
        number = int(dict(request.query).get("after", 0))
        return ok({"items": [], "has_next_page": True, "end_cursor": str(number + 1)})

    driver = Driver(answer)
    with pytest.raises(InvalidArguments, match="do not tell whether there is one"):
        driver.run(CreateSession(prompt="x", idempotency_key="k").flow())
    assert not driver.writes
