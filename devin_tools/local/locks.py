"""Locks by name between the threads, event loops and processes of this machine.

Between threads and event loops a table of this process says who holds what. Between processes the operating
system's lock does: a name is one byte, chosen by a digest, of an empty file. So a lock is free again when
its process ends, however that ends, and files do not grow in number. Between machines there is none.
Where somebody deletes a file that is locked, no new one is made until all that is held in its folder is
free. Programs that clean up by age delete none: a lock makes a file young.

Libraries such as filelock lock whole files, so each name would need one: of thousands of keys, kept for ever,
or deleted while somebody waits for it. Whose folder and file it is they do not ask.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import math
import os
import stat
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self, TypeAlias

from ..errors import Busy
from ..flow import Hold
from ..settings import Settings
from ..wire import Request, Response

log = logging.getLogger("devin_tools")

LONGEST_WAIT = 1800.0
"""Seconds that an alert waits: longer than all tries of the holder, and of those before it, may take."""

LONG_WAIT = 10.0
"""Seconds after which a wait is logged, once."""

FIRST_PAUSE, LAST_PAUSE = 0.01, 0.25

KINDS = ("alert", "key", "rule")
"""What there are files for. They are made together: one that is missing was deleted."""

MOST_FILES = 5
"""How many files of a kind are tried in a row, when each is taken away as it is locked."""

pause_thread, pause_task = time.sleep, asyncio.sleep
"""Real time, whatever the clock of a client says: who holds a name needs it."""

Place: TypeAlias = "tuple[str, int]"
"""A kind, and a byte of its file."""

_guard = threading.Lock()
_taken: dict[Place, ExitStack] = {}
"""What this process holds. To close one releases its byte, and lets files be made in its folder again."""
_files: dict[str, tuple[Path, int]] = {}
"""The file of each kind. It is never closed: that would free all locks that this process has on it."""


class HeldLocks:
    """The locks of one flow, or one caller, until it leaves. It may take a name that it holds again."""

    def __init__(self) -> None:
        self._held: Counter[Place] = Counter()

    def take(self, kind: str, name: str, timeout: float) -> AbstractContextManager[None]:
        """Wait for a lock and return a context that releases it; raise `Busy` after `timeout` seconds."""
        place = _place(kind, name)
        for pause in self._pauses(place, timeout):
            pause_thread(pause)
        return self._held_on(place)

    async def take_async(self, kind: str, name: str, timeout: float) -> AbstractContextManager[None]:
        """As `take`, without blocking the event loop."""
        place = _place(kind, name)
        for pause in self._pauses(place, timeout):
            await pause_task(pause)
        return self._held_on(place)

    async def finish_write(
        self, send: Callable[[Request], Awaitable[Response]], request: Request
    ) -> Response:
        """Send a request. A write whose caller leaves goes on, and keeps the locks until it is answered.

        Whoever took a lock before that would look for what is not there yet.
        """
        if request.method == "GET" or not self._held:
            return await send(request)
        sending = asyncio.ensure_future(send(request))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            held, self._held = self._held, Counter()

            def end(done: asyncio.Future[Response]) -> None:
                _free(*held)
                if not done.cancelled():
                    done.exception()  # its caller has left

            sending.add_done_callback(end)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Release all that it holds."""
        _free(*self._held)
        self._held.clear()

    def _pauses(self, place: Place, timeout: float) -> Iterator[float]:
        """Yield the seconds to wait before each further try, until this process has the lock."""
        pause, waited, began = FIRST_PAUSE, 0.0, time.monotonic()
        while not self._held[place] and not _take(place):
            if waited >= timeout:
                raise Busy(
                    f"Another call of this process, or another process of this machine, has been at the same "
                    f"{place[0]} for more than {timeout:.0f} seconds."
                )
            pause = min(pause, timeout - waited)
            yield pause
            is_news = waited < LONG_WAIT
            waited = max(waited + pause, time.monotonic() - began)  # a busy loop comes back late
            if is_news and waited >= LONG_WAIT:
                log.warning("waiting for another call, or process, that is at the same %s", place[0])
            pause = min(pause * 1.5, LAST_PAUSE)
        self._held[place] += 1

    @contextmanager
    def _held_on(self, place: Place) -> Iterator[None]:
        try:
            yield
        finally:
            if self._held[place] > 1:
                self._held[place] -= 1
            elif self._held.pop(place, None):  # nothing is held after the end
                _free(place)


@asynccontextmanager
async def held(name: str, settings: Settings, *, kind: str) -> AsyncIterator[None]:
    """Hold a lock of an account's own; raise `Busy` when another does not release it in time.

    Nothing goes on without it. Servers of other accounts, and simulators, hold other names.
    """
    account = (settings.base_url, settings.org_id or settings.require_key())
    with HeldLocks() as turns, await turns.take_async(kind, "\0".join((*account, name)), LONGEST_WAIT):
        yield


def lock_arguments(step: Hold, settings: Settings) -> tuple[str, str, float]:
    """Return the arguments of `take` for a step: names are one API key's own, so that callers of a server
    do not keep out each other.
    """
    timeout = math.inf if step.timeout is None else step.timeout
    name = "\0".join((settings.base_url, settings.require_key(), step.key))
    return "key", name, min(timeout, settings.max_retry_seconds)


def _place(kind: str, name: str) -> Place:
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).digest()
    return kind, int.from_bytes(digest[:4]) >> 1  # a C long holds it on every system


def _take(place: Place) -> bool:
    """Return whether a place was free, and is taken now; without locks of files, free in this process."""
    with _guard:
        if place in _taken:
            return False
        try:
            _taken[place] = _locked(place)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                return False
            _warn(f"{type(error).__name__} {errno.errorcode.get(error.errno or 0, '')}")
            _taken[place] = ExitStack()
        return True


def _locked(place: Place) -> ExitStack:
    """Lock a byte of the file of a kind; raise `OSError` when another process has it.

    Whoever takes the file away between its opening and the lock leaves us with one that nobody else sees.
    """
    kind, byte = place
    for _ in range(MOST_FILES):
        if (file := _file(kind)) is None:
            return ExitStack()
        path = _files[kind][0]
        with _keeping(path.parent) as stack:
            _lock(file, byte)
            stack.callback(_unlock, file, byte)
            if _is_still(path, file):
                if os.utime in os.supports_fd:
                    os.utime(file)
                return stack.pop_all()
    raise OSError(errno.EAGAIN, "the file of locks is taken away again and again")


def _free(*places: Place) -> None:
    with _guard:
        for place in places:
            if (lock := _taken.pop(place, None)) is not None:
                lock.close()


def _file(kind: str) -> int | None:
    """Return the open file of a kind, opened again if it was deleted; `None` where files cannot be locked."""
    path, file = _files.get(kind, (None, -1))
    if path is not None and _is_still(path, file):
        return file
    why = ""
    for folder in _folders():
        try:
            file = _opened(folder, f"{kind}.lock")
        except BlockingIOError:
            raise
        except (OSError, RuntimeError) as error:
            why = why or str(getattr(error, "strerror", None) or error)
            continue
        _files[kind] = folder / f"{kind}.lock", file
        return file
    _warn(why)
    return None


def _is_still(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.stat(follow_symlinks=False), os.fstat(file))
    except OSError:
        return False


_warned: set[str] = set()


def _warn(why: str) -> None:
    if why not in _warned:
        _warned.add(why)
        log.warning("no locks between processes: two of them can do one thing twice (%s)", why)


def _folders() -> Iterator[Path]:
    """Yield where the files can be: the same folder for each process of a user, whatever started it.

    The folder of a login session is the second choice: a service has none.
    """
    user = os.getuid() if sys.platform != "win32" else os.environ.get("USERNAME", "user")
    homes = [os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME", "")]
    if sys.platform != "win32":
        homes += [os.path.expanduser("~/.local/state"), os.environ.get("XDG_RUNTIME_DIR", "")]
    for number, home in enumerate(homes):
        if os.path.isabs(home) and (number or home not in homes[1:]):
            yield Path(home) / "devin-tools"
    yield Path(tempfile.gettempdir()) / f"devin-tools-{user}"


def _opened(folder: Path, name: str) -> int:
    """Open a file of a folder that nobody else can write to, as a descriptor.

    What was checked is what is opened: no link is followed, and nothing waits for a peer. Raises
    `OSError`, also for a folder, or a file, that is not this user's own.
    """
    for missing in reversed([folder, *(parent for parent in folder.parents if not parent.exists())]):
        missing.mkdir(mode=0o700, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT
    if sys.platform == "win32":  # the folder is in the user's profile, whose rights are inherited
        return os.open(folder / name, flags | os.O_NOINHERIT)
    flags |= os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    directory = os.open(folder, FOLDER)
    try:
        _check(directory, stat.S_ISDIR)
        try:
            file = os.open(name, flags & ~os.O_CREAT, dir_fd=directory)
        except FileNotFoundError:
            _share(directory, alone=True)
            for each in {*(f"{kind}.lock" for kind in KINDS), name}:
                os.close(os.open(each, flags, 0o600, dir_fd=directory))
            file = os.open(name, flags, 0o600, dir_fd=directory)
    finally:
        os.close(directory)
    try:
        _check(file, stat.S_ISREG)
    except OSError:
        os.close(file)
        raise
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, byte: int) -> None:
        os.lseek(file, byte, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int, byte: int) -> None:
        os.lseek(file, byte, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

    def _keeping(folder: Path) -> ExitStack:
        """Return an empty stack: a file that is open cannot be deleted here."""
        return ExitStack()

else:
    import fcntl

    def _lock(file: int, byte: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)

    def _unlock(file: int, byte: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, byte)

    FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

    def _share(directory: int, *, alone: bool) -> None:
        """Lock an open folder with others, or alone; raise `BlockingIOError` when they are in the way."""
        try:
            fcntl.flock(directory, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # not every file system locks folders
            pass

    def _keeping(folder: Path) -> ExitStack:
        """Return a lock on a folder: nobody makes a file in it until it is closed."""
        stack = ExitStack()
        try:
            directory = os.open(folder, FOLDER)
        except OSError:  # no descriptor is left, say: the lock itself needs none
            return stack
        stack.callback(os.close, directory)
        try:
            _share(directory, alone=False)
        except BlockingIOError:
            stack.close()
            raise
        return stack

    def _check(descriptor: int, is_kind: Callable[[int], bool]) -> None:
        """Raise `OSError` unless what is open is of a kind, this user's, and writable by nobody else."""
        found = os.fstat(descriptor)
        if not is_kind(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise OSError(errno.EPERM, "a folder or file of locks that is not this user's alone")

    def _forget() -> None:
        """Hold nothing in a process that was forked: its parent does."""
        global _guard
        _guard = threading.Lock()
        for lock in _taken.values():
            lock.close()  # that releases nothing of the parent's, but the copies of its descriptors
        _taken.clear()

    os.register_at_fork(after_in_child=_forget)
