"""The forms of the console in Chromium: every tool's, and those of a package that nobody here wrote."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from external.builders.browser import CHROMIUM, picture
from external.console.console_browser import console, opened, simulated
from support.paths import TESTS

from devin_tools import Simulator, load_catalog
from devin_tools.export.builders.fields import fields_of

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="nox -s console"),
]

PLUGIN = TESTS / "plugins" / "devin_tools_example"
ATTACK = "<img src=x onerror=document.title=1>"
STRANGER = f'''
from typing import Literal
from devin_tools import Tool, hookimpl
from devin_tools.api import OnSession, Session
from devin_tools.tool import WRITE
from devin_tools.wire import POST

class MarkSession(OnSession, Tool[Session]):
    """Mark {ATTACK}.

    [here](javascript:document.title=1) <script>document.title = 1</script>
    """
    route = POST("/v3/organizations/{{org_id}}/sessions/{{session_id}}/mark")
    effect = WRITE.idempotent()
    word: Literal[{ATTACK!r}, "plain"] | None = None
    """One of {ATTACK}."""

def answer(world, call):
    return {{"session_id": call.session_id, "title": {ATTACK!r}, "url": "javascript:document.title=1"}}

@hookimpl
def devin_tools_provide_tools():
    return [MarkSession]

@hookimpl
def devin_tools_provide_handlers():
    return {{MarkSession: answer}}
'''


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example of a plugin, and nothing else, into a folder of its own."""
    target = tmp_path_factory.mktemp("site")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *offline, str(PLUGIN)], check=True)
    return target


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """Write a package whose every text tries to be markup."""
    about = tmp_path / "stranger-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[devin_tools]\nstranger = stranger_tools\n")
    (tmp_path / "stranger_tools.py").write_text(STRANGER)
    return tmp_path


def test_every_tool_has_a_form_and_every_field_of_it_a_label() -> None:
    loose = (
        "[...document.querySelectorAll('.form input, .form textarea, .form select')]"
        ".filter(one => !one.labels.length && !one.getAttribute('aria-label')).map(one => one.id)"
    )
    with console(Simulator(seed=1), "--no-auth") as url, opened(url) as page:
        for spec in load_catalog(plugins=()):
            page.goto(f"{url}#/tools/{spec.name}")
            page.wait_for_selector(f'h1:text-is("{spec.title}")')
            page.wait_for_selector('.actions button:text-is("Run")')
            wanted = [field.label for field in fields_of(spec)]
            if wanted:
                page.wait_for_selector(".form label, .form legend")
            labels = page.locator(".form label, .form legend").all_inner_texts()
            missing = [one for one in wanted if not any(label.startswith(one) for label in labels)]
            assert (missing, page.evaluate(loose)) == ([], []), spec.name


def test_a_plugin_s_tool_is_found_filled_and_run(example: Path) -> None:
    with simulated(example) as (url, session_id), opened(url) as page:
        page.fill("#search", "devin_ping")
        card = page.locator("a.card")
        assert card.locator(".badge-plugin").inner_text() == "devin-tools-example"
        card.click()
        page.get_by_label("Session ID").fill(session_id)
        page.get_by_label("Echo").fill("hello")
        picture(page, "console-plugin")
        page.click('button:text-is("Run")')
        page.wait_for_selector(".facts >> text=hello")


def test_whatever_a_plugin_writes_stays_text(stranger: Path) -> None:
    with simulated(stranger) as (url, session_id), opened(url) as page:
        page.fill("#search", "mark session")
        page.click("a.card")
        page.wait_for_selector('h1:text-is("Mark session")')
        page.get_by_label("Session ID").fill(session_id)
        page.get_by_label("Word").select_option(label=ATTACK)
        for button in ("Preview", "Copy as ...", "Run"):
            page.click(f'button:text-is("{button}")')
        page.wait_for_selector(".facts")
        assert ATTACK in page.inner_text(".facts") and ATTACK in page.inner_text("main > p >> nth=1")
        assert page.locator("main img, main script, main a[href^='javascript']").count() == 0
        assert page.title() == "Devin tools"


def test_a_call_is_copied_and_marked_where_nothing_can_be_copied() -> None:
    with console(Simulator(seed=1, sessions=3), "--no-auth") as url:
        with opened(f"{url}#/tools/devin_list_sessions") as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.click('button:text-is("Copy as ...")')
            page.click('.snippets button:text-is("Copy")')
            page.wait_for_selector('.snippets button:text-is("Copied")')
            copied = page.evaluate("navigator.clipboard.readText()")
            assert copied == "devin-tools call devin_list_sessions"
        with opened(url) as page:  # as over plain HTTP from another machine
            page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
            page.goto(f"{url}?#/tools/devin_list_sessions")
            page.click('button:text-is("Copy as ...")')
            page.click('.snippets button:text-is("Copy")')
            page.wait_for_selector(".snippets button:has-text('Marked')")
            assert page.evaluate("String(getSelection())").strip() == copied
