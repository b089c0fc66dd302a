"""A small repository to hand over: the same to the byte, whenever and wherever it is made."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["git", "sample_repository"]

PERSON = {
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(folder: Path, *args: str) -> str:
    """Run git as a person of no settings."""
    done = subprocess.run(
        ["git", *args], cwd=folder, env=os.environ | PERSON, check=True, capture_output=True, text=True
    )
    return done.stdout


def sample_repository(folder: Path) -> Path:
    """Make a repository with two commits, a change, and a file that git does not know."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", "https://ada:CANARY-token@github.com/acme/shop.git")
    (folder / "cart.py").write_text("def total(prices):\n    return sum(prices)\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Add up the cart")
    (folder / "README.md").write_text("# Shop\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Say what this is")
    (folder / "cart.py").write_text(
        "def total(prices):\n    return round(sum(prices), 2)\n", encoding="utf-8"
    )
    (folder / "notes.txt").write_text("Totals were a cent off.\n", encoding="utf-8")
    return folder
