"""The console as a process of its own, and a headless Chromium that looks at it and lets no fault pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from external.builders.browser import ARGUMENTS, CHROMIUM, picture
from support.served_processes import TOKEN, served

from devin_tools import Simulator

__all__ = ["KEY", "console", "opened", "simulated"]

KEY = "cog_CANARY_console"


@contextmanager
def console(simulator: Simulator, *words: str, **variables: str) -> Iterator[str]:
    """Serve it for a simulator, which it takes for the API itself."""
    with simulator.serve() as server:
        settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url} | variables
        with served("serve", "--port", "0", *words, **settings, DEVIN_SERVE_TOKEN=TOKEN) as (_, url):
            yield f"{url}/console/"


@contextmanager
def simulated(site: Path | None = None) -> Iterator[tuple[str, str]]:
    """Serve a simulator, perhaps with the plugins of a folder; give the console's URL and a session."""
    words = ("--simulate", "serve", "--no-auth", "--port", "0")
    plugins = {} if site is None else {"PYTHONPATH": str(site)}
    with served(*words, **plugins) as (_, url):
        listed = httpx.post(f"{url}/tools/devin_list_sessions", json={}).json()
        yield f"{url}/console/", listed["sessions"][0]["session_id"]


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Any]:
    """Open a page; an error of its code, and what its policy refuses, fail the test."""
    from playwright.sync_api import sync_playwright

    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(url)
        try:
            yield page
        except BaseException:
            picture(page, "console-failed")
            raise
        finally:
            browser.close()
    assert faults == []
