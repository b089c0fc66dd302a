"""A headless Chromium that reaches this machine alone, and keeps pictures of what it saw."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["CHROMIUM", "opened", "picture"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FOLDER = os.environ.get("DEVIN_TOOLS_SCREENSHOTS")
"""Read here, before tests are given a clean environment."""

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Any]:
    """Open a page; what its own code got wrong fails the test at the end."""
    from playwright.sync_api import sync_playwright

    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1400, "height": 900}, **options)
        page.on("pageerror", lambda error: faults.append(str(error)))
        try:
            page.goto(url)
            yield page
        except BaseException:
            picture(page, "failed")
            raise
        finally:
            browser.close()
    assert faults == []


def picture(page: Any, name: str) -> None:
    """Keep a picture in the folder that DEVIN_TOOLS_SCREENSHOTS names, if it names one."""
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(FOLDER) / f"{name}.png"))
