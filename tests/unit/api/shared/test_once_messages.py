"""A message is sent once: after every ambiguous end the message list is read before it is sent again."""

from __future__ import annotations

from email.utils import formatdate
from itertools import product
from typing import Any

import pytest
from support.driving import EPOCH, Driver, ok
from support.laws import for_every

from devin_tools.api import SendMessage
from devin_tools.api.shared.once import LOOKS
from devin_tools.errors import Ambiguous, ConnectionFailed, ConnectionLost, ServerFault
from devin_tools.wire import Request, Response

CALL = SendMessage(session_id="abc", message="Go on.")
LOST = ConnectionLost("It broke.")
AMBIGUOUS = [LOST, Response(500, b"{}"), Response(504), Response(200, b"<html>"), Response(200, b'{"sess')]
SENT = ok({"session_id": "abc", "status": "running"})

every_ambiguous_end = pytest.mark.parametrize(
    "end", AMBIGUOUS, ids=lambda end: getattr(end, "status", "lost")
)


class Messages:
    """The messages of a session, behind a connection that ends each send in a given way.

    `ahead` is how many seconds the server's clock is ahead; `dated` whether its answers say the time.
    """

    def __init__(
        self, *ends: tuple[Any, bool], ahead: float = 0, dated: bool = True, page: int = 200
    ) -> None:
        self.driver = Driver(self)
        self.ends = iter(ends)
        self.ahead, self.dated, self.page = ahead, dated, page
        self.kept: list[dict[str, Any]] = []

    def say(self, text: str, *, ago: float = 0, source: str = "user") -> None:
        made = {"event_id": f"e{len(self.kept)}", "source": source, "message": text}
        self.kept.append(made | {"created_at": int(self.driver.now + self.ahead - ago)})

    def __call__(self, request: Request) -> Any:
        if request.method == "POST":
            answer, lands = next(self.ends, (SENT, True))
            if lands:
                self.say((request.body or {})["message"])
            return answer
        return self._list(request) if request.path.endswith("/messages") else SENT

    def _list(self, request: Request) -> Any:
        start = int(dict(request.query).get("after", 0))
        end = start + self.page
        body = {"items": self.kept[start:end], "end_cursor": str(end), "has_next_page": end < len(self.kept)}
        dates = {"date": formatdate(self.driver.now + self.ahead, usegmt=True)} if self.dated else {}
        return ok(body, **dates)

    def send(self) -> Any:
        return self.driver.run(CALL.flow())

    @property
    def texts(self) -> list[str]:
        return [message["message"] for message in self.kept]


def test_a_message_that_is_answered_costs_one_request() -> None:
    api = Messages()
    assert api.send().delivery == "sent"
    assert len(api.driver.requests) == 1 and api.texts == ["Go on."]


@every_ambiguous_end
def test_a_message_that_arrived_after_all_is_found_and_not_sent_again(end: Any) -> None:
    api = Messages((end, True))
    assert api.send().delivery == "found"
    assert api.texts == ["Go on."] and len(api.driver.writes) == 1


@every_ambiguous_end
def test_a_message_that_did_not_arrive_is_sent_again(end: Any) -> None:
    api = Messages((end, False))
    assert api.send().delivery == "sent"
    assert api.texts == ["Go on."] and len(api.driver.writes) == 2


@pytest.mark.parametrize("ago", [10, 60, 86_400])
def test_the_same_words_said_earlier_are_not_taken_for_it(ago: float) -> None:
    api = Messages((LOST, False))
    api.say("Go on.", ago=ago)
    assert api.send().delivery == "sent"
    assert api.texts == ["Go on."] * 2


@pytest.mark.parametrize(
    "other", [{"text": "Go on", "source": "user"}, {"text": "Go on.", "source": "devin"}]
)
def test_other_words_and_other_speakers_are_not_taken_for_it(other: dict[str, str]) -> None:
    api = Messages((LOST, False))
    api.say(other["text"], source=other["source"])
    assert api.send().delivery == "sent"
    assert api.texts == [other["text"], "Go on."]


RETOLD = {
    "trimmed": ("Go on.\n", "Go on."),
    "with other line ends": ("One.\nTwo.", "One.\r\nTwo."),
    "with its attachment": ("Go on.", 'Go on.\nATTACHMENT:{"url":"https://x/y","fileSize":3}'),
    "an attachment alone": ("ATTACHMENT:{}", "ATTACHMENT:{}"),
}


@pytest.mark.parametrize(("text", "told"), RETOLD.values(), ids=list(RETOLD))
def test_a_message_is_known_again_as_the_api_tells_it(text: str, told: str) -> None:
    api = Messages((LOST, False))
    api.say(told)
    assert api.driver.run(SendMessage(session_id="abc", message=text).flow()).delivery == "found"
    assert len(api.driver.writes) == 1


@for_every("ahead, arrived", lambda: product([-600, -61, -1, 0, 1, 61, 600], [True, False]))
def test_a_server_whose_clock_is_off_by_minutes_changes_nothing(ahead: float, arrived: bool) -> None:
    api = Messages((LOST, arrived), ahead=ahead)
    api.say("Go on.", ago=30)
    assert api.send().delivery == ("found" if arrived else "sent")
    assert api.texts == ["Go on."] * 2


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99999999999999999999 Jan 2026 00:00:30 GMT"])
def test_a_server_that_does_not_tell_the_time_is_taken_to_be_on_time(date: str) -> None:
    api = Messages((LOST, True), dated=False)
    api.driver.answer_with(lambda request: _dated(api(request), date))
    assert api.send().delivery == "found"


def _dated(answer: Any, date: str) -> Any:
    return Response(answer.status, answer.body, {"date": date}) if isinstance(answer, Response) else answer


def test_a_message_on_a_later_page_is_found() -> None:
    api = Messages((LOST, True), page=3)
    for n in range(10):
        api.say(f"Earlier {n}.", ago=100)
    assert api.send().delivery == "found"
    assert len(api.driver.writes) == 1


def test_a_message_without_a_time_is_taken_for_it() -> None:
    answers = {"items": [{"event_id": "e", "source": "user", "message": "Go on."}]}
    driver = Driver(
        lambda r: LOST if r.method == "POST" else ok(answers) if r.path.endswith("messages") else SENT
    )
    assert driver.run(CALL.flow()).delivery == "found"


def test_the_output_of_a_found_message_is_the_session_as_it_is_now() -> None:
    api = Messages((LOST, True))
    found = api.send()
    assert (found.session_id, found.status, found.resumed) == ("abc", "running", False)


def test_when_looking_fails_to_the_last_it_is_ambiguous_and_not_sent_again() -> None:
    driver = Driver(lambda request: LOST if request.method == "POST" else Response(500, b"{}"))
    with pytest.raises(Ambiguous, match="looking for it failed"):
        driver.run(CALL.flow())
    assert len(driver.writes) == 1


def test_it_gives_up_after_as_many_tries_as_the_settings_say() -> None:
    api = Messages(*[(Response(500, b"{}"), False)] * 9)
    with pytest.raises(ServerFault) as caught:
        api.send()
    assert (len(api.driver.writes), caught.value.tries, api.texts) == (5, 5, [])
    assert api.driver.now - EPOCH == 5 * sum(LOOKS)


@pytest.mark.parametrize("fault", [ConnectionFailed("No."), Response(503, b"{}"), Response(200, b"<html>")])
def test_a_message_that_was_sent_stays_sent_when_the_session_cannot_be_read_afterwards(fault: Any) -> None:
    asleep = ok({"session_id": "abc", "status": "suspended"})
    driver = Driver(lambda request: asleep if request.method == "POST" else fault)
    sent = driver.run(CALL.flow())
    assert (sent.delivery, sent.status, len(driver.writes)) == ("sent", "suspended", 1)


@pytest.mark.parametrize("ago, is_found", [(30, True), (300, False)])
def test_who_tries_again_later_looks_for_it_in_the_time_since(ago: float, is_found: bool) -> None:
    api = Messages()
    api.say(CALL.message, ago=ago)
    found = api.driver.run(CALL.sent_within(60))
    assert (None if found is None else found.delivery) == ("found" if is_found else None)
