"""The board and the page of a session in Chromium, while things change and somebody is at work there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from external.builders.browser import CHROMIUM
from external.console.console_browser import console, opened, simulated

from devin_tools import Client, Simulator
from devin_tools.api import CreateSession, TerminateSession

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="nox -s console"),
]

TICK = 6_500
"""Milliseconds in which every page has been told anew."""

SCHEMA = {"type": "object", "properties": {"fixed": {"type": "boolean"}}, "required": ["fixed"]}


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=1, sessions=3)


@pytest.fixture
def url(simulator: Simulator) -> Iterator[str]:
    with console(simulator, "--no-auth") as found:
        yield found


def made(simulator: Simulator, **more: Any) -> str:
    with Client(**simulator.connection()) as client:
        return client.run(CreateSession(prompt="Fix it. #simulate:asks", **more)).session_id


def test_a_message_is_sent_once_however_often_the_button_is_pressed() -> None:
    with simulated() as (url, session_id), opened(f"{url}#/sessions/{session_id}") as page:
        page.wait_for_selector(".timeline svg")
        page.fill("#reply", "Only once.")
        page.evaluate("for (const _ of [1, 2]) document.querySelector('.reply').requestSubmit()")
        page.wait_for_selector('.reply [role=status]:text-is("Sent.")')
        page.wait_for_timeout(TICK)
        assert page.locator('.messages .text:text-is("Only once.")').count() == 1


def test_what_somebody_has_opened_or_must_read_stays(url: str, simulator: Simulator) -> None:
    session_id = made(simulator, structured_output_schema=SCHEMA)
    simulator.world.sessions[session_id].structured_output = {"fixed": True}
    with opened(f"{url}#/sessions/{session_id}") as page:
        page.click("summary")
        page.wait_for_selector('details[open] pre:has-text("fixed")')
        page.evaluate("document.querySelector('.messages li').dataset.seen = 'yes'")
        with Client(**simulator.connection()) as client:
            client.run(TerminateSession(session_id=session_id))
        page.fill("#reply", "Too late.")
        page.click('button:text-is("Send")')
        page.click('dialog button:text-is("Send it")')
        page.wait_for_selector(".reply [role=alert]")
        page.wait_for_timeout(TICK)
        assert "exit" in page.inner_text("main")
        assert page.locator("details[open]").count() == 1
        assert page.locator(".reply [role=alert]").count() == 1
        assert page.locator("li[data-seen]").count() == 1
        assert page.input_value("#reply") == "Too late."


def test_the_board_says_when_there_are_more() -> None:
    with console(Simulator(seed=1, sessions=101), "--no-auth") as url, opened(f"{url}#/board") as page:
        page.wait_for_selector("text=The 100 newest. There are more.")
        assert page.locator(".lanes .card").count() == 100


def test_a_page_that_comes_late_does_not_cover_the_one_that_was_turned_to(url: str) -> None:
    with opened(url) as page:
        page.wait_for_selector("#search")
        page.click('nav a:text-is("Board")')
        page.wait_for_selector("h1:text-is('Board')")
        held: list[Any] = []
        page.route("**/console/api/tools", lambda route: held.append(route))
        page.click('nav a:text-is("Tools")')
        page.wait_for_timeout(300)
        page.click('nav a:text-is("Board")')
        page.wait_for_selector("h1:text-is('Board')")
        assert len(held) == 1
        held[0].continue_()
        page.wait_for_timeout(500)
        assert page.inner_text("h1") == "Board" and page.locator("#search").count() == 0
