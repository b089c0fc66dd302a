"""The step that asks for the state of a repository of this machine, and what answers it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["LeftOut", "Passage", "RepositoryState", "Survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    """Ask for the state of a repository. The answer to this step is a `RepositoryState`.

    Whatever the answer and `also` hold was scanned for secrets: a finding is raised as `Refused`, so
    that no flow ever sees a text that must not be sent.
    """

    folder: str
    """A folder of the repository; a relative one starts at the allowed root."""
    max_chars: int
    """How many characters of changes the answer may hold."""
    untracked: Literal["contents", "names", "none"] = "contents"
    """What to tell of files that git does not know."""
    also: tuple[tuple[str, str], ...] = ()
    """Names and texts that are to be scanned with it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is told of one file: how it changed, or what is in it."""

    name: str
    text: str
    is_diff: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not told of a file, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """A repository as it is on this machine."""

    remote: str | None
    """Where it is hosted, as `host/owner/name`: never with credentials."""
    branch: str | None
    """The branch; `None` when the head is detached."""
    commits: tuple[str, ...]
    """The last commits, newest first: short id and subject."""
    unpushed: int | None
    """How many commits are on no remote, as far as this machine knows; `None`: it has no remote."""
    passages: tuple[Passage, ...]
    left_out: tuple[LeftOut, ...]
