"""The workflows that are examples of the GitHub action, and events for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from support.paths import ROOT

__all__ = ["NASTY", "event_of", "workflow", "workflows"]

NASTY = "\n".join(["$(touch pwned) `touch pwned` '; touch pwned #", 'a" && touch pwned', "EOF", "::error::x"])
"""Text that would do something, were it ever taken for a script, a command or markup."""


def workflows() -> list[Path]:
    """Return the files of all workflows."""
    return sorted((ROOT / "examples" / "github").glob("*.yml"))


def workflow(name: str) -> dict[Any, Any]:
    """Return what a workflow says."""
    text = (ROOT / "examples" / "github" / f"{name}.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def event_of(number: int, sha: str) -> dict[str, Any]:
    """Return the `github` context of a push to a pull request."""
    url = f"https://github.com/acme/shop/pull/{number}"
    head = {"sha": sha, "repo": {"full_name": "acme/shop"}}
    pull = {"number": number, "html_url": url, "draft": False, "title": NASTY, "head": head}
    return {"repository": "acme/shop", "run_id": 5, "event": {"pull_request": pull}}
