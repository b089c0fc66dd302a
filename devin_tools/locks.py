"""Locks between the processes of one machine, so that two of them do not start one thing twice.

The lock is the operating system's, on an empty file in the folder for temporary ones: it holds nothing,
and is free again when its process ends, however that ends. Between machines there is none.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from .errors import DevinToolsError

__all__ = ["held"]

LONGEST_WAIT = 1800.0
"""Seconds of pauses; longer than all tries of who holds it may take, and of those whose turn is before."""

FIRST_PAUSE, LAST_PAUSE = 0.01, 0.25

HELD = "Another process of this machine has been at the same alert, or the same rule, for too long."


@contextlib.asynccontextmanager
async def held(name: str, *, kind: str) -> AsyncIterator[None]:
    """Hold the lock of a name; where there are no such locks, hold nothing.

    Raises `DevinToolsError` when another process does not let go of it: it is never passed over.
    Who holds one kind may wait for another: two names of one kind can share a lock, of two kinds never.
    """
    try:
        import fcntl
    except ImportError:  # not on this system
        yield
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_path(name, kind).open("a"))
        except OSError:  # a folder that cannot be written: the look at the API has to do
            yield
            return
        pause, waited = FIRST_PAUSE, 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if waited >= LONGEST_WAIT:
                    raise DevinToolsError(HELD, hint="Look for a server that hangs, and end it.") from None
                await asyncio.sleep(pause)
                waited, pause = waited + pause, min(pause * 1.5, LAST_PAUSE)
            except OSError:  # a file system without such locks
                break
        yield


def _path(name: str, kind: str) -> Path:
    """Give the file of a name: one of 256 of its kind, so that they do not grow in number."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(tempfile.gettempdir()) / f"devin-tools-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:2]}.lock"
