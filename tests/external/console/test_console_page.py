"""The console in Chromium: browse, fill, preview, run, watch, reply; by keyboard too, and for everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from external.builders.browser import CHROMIUM, picture
from external.console.console_browser import KEY, console, opened
from support.served_processes import TOKEN

from devin_tools import Client, Simulator, load_catalog
from devin_tools.api import CreateSession, ListSessionMessages

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="nox -s console"),
]

SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=1, sessions=3)


@pytest.fixture
def url(simulator: Simulator) -> Iterator[str]:
    with console(simulator, "--no-auth") as found:
        yield found


def test_a_person_browses_fills_previews_and_runs(url: str, simulator: Simulator) -> None:
    with opened(url) as page:
        page.fill("#search", "create session")
        page.wait_for_selector(f"text=of {len(load_catalog(plugins=()).specs)} tools")
        picture(page, "console-tools")
        page.click('a.card:has-text("Start a Devin session")')
        page.wait_for_selector('h1:text-is("Create session")')
        before = len(simulator.world.sessions)
        page.click('button:text-is("Run")')
        page.wait_for_selector("text=is required")
        picture(page, "console-invalid")
        assert len(simulator.world.sessions) == before
        page.get_by_label("Prompt").fill("Fix it from the console.")
        page.click('button:text-is("Preview")')
        page.wait_for_selector("text=Nothing was sent.")
        assert '"prompt": "Fix it from the console."' in page.inner_text(".result")
        assert len(simulator.world.sessions) == before
        page.click('button:text-is("Run")')
        page.wait_for_selector("dialog[open]")
        assert "spends ACUs" in page.inner_text("dialog")
        picture(page, "console-asks")
        page.click('dialog button:text-is("Cancel")')
        assert len(simulator.world.sessions) == before
        page.click('button:text-is("Run")')
        page.click('dialog button:text-is("Run it")')
        page.wait_for_selector('.facts:has-text("session_id")')
        picture(page, "console-ran")
        page.click('button:text-is("JSON")')
        shown = json.loads(page.inner_text(".result pre"))
        page.click('button:text-is("Copy as ...")')
        page.wait_for_selector("text=devin-tools call devin_create_session")
    record = (
        simulator.world.sessions[f"devin-{shown['session_id']}"]
        if f"devin-{shown['session_id']}" in simulator.world.sessions
        else simulator.world.sessions[shown["session_id"]]
    )
    assert record.asked["prompt"] == "Fix it from the console."
    assert record.asked["title"] is None and record.asked["tags"] is not None  # its own tag, and no more
    assert KEY not in json.dumps(shown)


def test_tools_are_found_by_what_somebody_wants_to_do(url: str) -> None:
    everything = f"{len(load_catalog(plugins=()).specs)} of {len(load_catalog(plugins=()).specs)} tools"
    with opened(url) as page:
        page.wait_for_selector(f'.searching [role=status]:text-is("{everything}")')
        page.get_by_label("Search").fill("who has used up our money")
        page.wait_for_selector(".group h2")
        first = page.locator(".group").first
        assert first.locator("h2").inner_text() in ("Best fits", "Perhaps")
        assert first.locator("code").count() > 0
        said = page.inner_text(".searching [role=status]")
        assert said.startswith("0 of ")  # no tool has all of these words
        picture(page, "console-found")
        page.get_by_label("Search").fill("archive a session")
        page.wait_for_selector('h2:text-is("Best fits")')
        assert page.locator(".group").first.locator("h2").inner_text() == "Best fits"
        assert "rchive" in page.locator(".group").first.locator("a.card").first.inner_text()
        page.get_by_label("Search").fill("zqx " + SCRIPT)
        page.wait_for_selector("text=There may be none for this.")
        assert page.title() == "Devin tools"
        page.get_by_label("Search").fill("")
        page.wait_for_selector(f'.searching [role=status]:text-is("{everything}")')
        assert page.locator('h2:text-is("Best fits")').count() == 0


def test_what_starts_sessions_by_itself_says_what_it_costs(url: str, simulator: Simulator) -> None:
    cost = "up to 1,440 sessions start by themselves in a day"
    with opened(f"{url}#/tools/devin_create_schedule") as page:
        page.wait_for_selector(".badges >> text=spends ACUs again and again by itself, without a limit")
        for label, text in (("Name", "nightly"), ("Prompt", "Look."), ("Frequency", "* * * * *")):
            page.get_by_label(label).first.fill(text)
        page.click('button:text-is("Preview")')
        page.wait_for_selector(f".result .cost >> text={cost}")
        picture(page, "console-cost")
        page.click('button:text-is("Run")')
        page.wait_for_selector("dialog[open]")
        assert cost in page.inner_text("dialog") and "without a limit" in page.inner_text("dialog")
        picture(page, "console-asks-cost")
        page.click('dialog button:text-is("Cancel")')
    assert all(method == "GET" for method, _ in simulator.requests)


def test_what_a_ceiling_refuses_is_told_and_not_asked_about(simulator: Simulator) -> None:
    with (
        console(simulator, "--no-auth", DEVIN_MAX_ACU="5") as url,
        opened(f"{url}#/tools/devin_create_session") as page,
    ):
        page.get_by_label("Prompt").fill("Look.")
        page.get_by_label("Max ACU limit").fill("6")
        page.click('button:text-is("Run")')
        page.wait_for_selector(".result [role=alert]")
        assert "above the ceiling of 5" in page.inner_text(".result")
        assert page.locator("dialog[open]").count() == 0
    assert all(method == "GET" for method, _ in simulator.requests)


def test_a_list_is_shown_as_a_table(url: str) -> None:
    with opened(f"{url}#/tools/devin_list_sessions") as page:
        page.click('button:text-is("Run")')
        page.wait_for_selector("table >> text=session_id")
        assert page.locator(".result tbody tr").count() == 3


def test_an_error_says_what_to_do(url: str) -> None:
    with opened(f"{url}#/tools/devin_get_session") as page:
        page.get_by_label("Session ID").fill("0000")
        page.click('button:text-is("Run")')
        page.wait_for_selector(".result [role=alert]")
        assert "Session not found" in page.inner_text(".result")


def test_the_board_moves_and_text_stays_text(url: str, simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client:
        made = client.run(CreateSession(prompt="Fix it. #simulate:asks", title=SCRIPT))
    with opened(f"{url}#/board") as page:
        title = page.wait_for_selector(f'a.title[href$="{made.session_id}"]')
        assert title.inner_text() == SCRIPT
        assert page.locator(f'.lane-working a[href$="{made.session_id}"]').count() == 1
        simulator.clock.step(120)
        page.wait_for_selector(f'.lane-needs_you a[href$="{made.session_id}"]', timeout=20_000)
        picture(page, "console-board")
        page.click(f'a.title[href$="{made.session_id}"]')
        page.wait_for_selector("h1 >> text=script")
        page.wait_for_selector(".timeline svg")
        page.fill("#reply", "Yes, please. " + SCRIPT)
        page.click('button:text-is("Send")')
        page.click('dialog button:text-is("Send it")')
        page.wait_for_selector(".messages >> text=Yes, please.", timeout=20_000)
        picture(page, "console-session")
        assert page.title() == "Devin tools"
        assert page.locator("img[src=x]").count() == 0
    with Client(**simulator.connection()) as client:
        said = client.run(ListSessionMessages(session_id=made.session_id)).messages
    assert any(one.message.startswith("Yes, please.") for one in said)


def test_the_token_is_asked_for_and_kept_in_the_tab_alone(simulator: Simulator) -> None:
    with console(simulator) as url, opened(url) as page:
        page.wait_for_selector("#token")
        page.fill("#token", "wrong-token-0123456789")
        page.click('button:text-is("Sign in")')
        page.wait_for_selector("text=The token is not accepted.")
        picture(page, "console-sign-in")
        page.fill("#token", TOKEN)
        page.click('button:text-is("Sign in")')
        page.wait_for_selector("h1 >> text=Tools")
        assert page.evaluate("document.cookie") == "" and page.evaluate("localStorage.length") == 0
        assert TOKEN not in page.content()


def test_it_works_by_keyboard(url: str, simulator: Simulator) -> None:
    with opened(url) as page:
        page.wait_for_selector("#search")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.focus("#search")
        page.keyboard.type("get self")
        page.wait_for_selector('h2:text-is("Best fits")')
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector('h1:text-is("Get self")')
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Run":
                break
        page.keyboard.press("Enter")
        page.wait_for_selector('.facts:has-text("principal_type")')


RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROUTES = {spec.name: spec.route.path for spec in load_catalog(plugins=()) if spec.route}
LONGEST = max(ROUTES, key=lambda name: len(ROUTES[name]))
PLACES = ["#/tools", "#/tools/devin_create_session", "#/tools/devin_fan_out", f"#/tools/{LONGEST}"]
PLACES += ["#/board", "session"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_use_it(url: str, simulator: Simulator, scheme: str, width: int) -> None:
    """Look for serious faults of accessibility, and for what is wider than a narrow screen."""
    import axe_playwright_python

    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    session = next(iter(simulator.world.sessions)).removeprefix("devin-")
    size = {"width": width, "height": 900}
    with opened(url, color_scheme=scheme, viewport=size, bypass_csp=True) as page:
        page.evaluate(script)
        for place in PLACES:
            page.goto(f"{url}{place if place != 'session' else f'#/sessions/{session}'}")
            page.wait_for_timeout(1500)
            name = place.rpartition("/")[2].removeprefix("devin_")
            picture(page, f"console-{name}-{scheme}-{width}")
            found = page.evaluate(RULES)
            serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
            told = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in serious]
            assert told == [], place
            assert page.evaluate(WIDER) <= 0, place
