"""Files that tools write themselves: lines that are added to a log, and whole texts.

Lines are on the disk before their writer goes on. A writer that is killed leaves whole lines and at most one
unfinished one, which the next writer replaces.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from ..errors import FileFault
from ..flow import AppendLines, LastLines, ReadLastLines, SaveText
from ..security.filenames import safe_name, why_not_saved
from ..settings import Settings
from ..wire import Download
from .files import DownloadTarget, download_place, unusable
from .folders import OPEN_FILE, WRITE_LINES, Folder

try:
    import fcntl
except ImportError:  # Windows: the byte at which lines are to begin tells two writers from each other
    fcntl = None  # type: ignore[assignment]

BLOCK = 256 * 1024
"""How many bytes of a file are read at once."""

LONGEST_LINE = 32 * 1024 * 1024
UNFINISHED_CHARS = 200


def perform(step: ReadLastLines | AppendLines | SaveText, settings: Settings) -> Any:
    """Perform a step on a file; raise `FileFault` where that is not allowed, or fails."""
    if isinstance(step, ReadLastLines):
        return read_last_lines(step, settings)
    return append_lines(step, settings) if isinstance(step, AppendLines) else save_text(step, settings)


def read_last_lines(step: ReadLastLines, settings: Settings) -> LastLines:
    """Return the last whole lines of a file, or those before a byte; it changes nothing."""
    with _opened(step, settings, may_make=False) as (file, path):
        if file is None:
            return LastLines(path, (), 0, 0)
        size = file.seek(0, os.SEEK_END)
        length, end = BLOCK, size if step.before is None else min(step.before, size)
        while True:
            start = max(0, end - length)
            file.seek(start)
            block = file.read(end - start)
            first = 0 if start == 0 else block.find(b"\n") + 1
            last = block.rfind(b"\n") + 1
            if start == 0 or last > first > 0:
                break
            length *= 2  # a line is longer than the block
            if length > LONGEST_LINE:
                raise FileFault("The file has a line that is too long to be one of a log.")
        lines = tuple(line.decode(errors="replace") for line in block[first:last].split(b"\n")[:-1])
        rest = block[last:][: 4 * UNFINISHED_CHARS].decode(errors="replace")[:UNFINISHED_CHARS]
        return LastLines(path, lines, start + first, start + last, rest)


def append_lines(step: AppendLines, settings: Settings) -> int:
    """Add lines, and return where the file ends then."""
    lines = step.text.encode()
    with _opened(step, settings, may_make=True) as (file, _):
        assert file is not None
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        file.seek(min(step.at, size))
        there = file.read(len(lines) + 1)
        if size < step.at or not (lines.startswith(there) or b"\n" not in there):
            raise FileFault("Something else was written to the file meanwhile.", hint="Call again.")
        try:
            if there != lines:
                file.seek(step.at)
                file.truncate()
                file.write(lines)
                file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise FileFault(f"The file cannot be written: {error.strerror}.") from None
        return step.at + len(lines)


def save_text(step: SaveText, settings: Settings) -> str:
    """Save a whole text, and return the path of the file."""
    content = step.text.encode()
    download = Download(
        "", "", folder=step.folder, name=step.name, max_bytes=len(content), overwrite=step.overwrite
    )
    with DownloadTarget(download, settings, lambda done, of: None) as target:
        target.write(content)
        return str(target.finish()["path"])


@contextmanager
def _opened(
    step: ReadLastLines | AppendLines, settings: Settings, *, may_make: bool
) -> Iterator[tuple[IO[bytes] | None, str]]:
    """Open a plain file to read it, or to write too where it may be made; or yield `None`."""
    root, parts = download_place(settings, step.folder)
    if why := why_not_saved(step.name):
        raise FileFault(f"Nothing is saved under this name: it {why}.", hint="Give a name such as log.jsonl.")
    name = safe_name(step.name)
    try:
        with Folder(root, parts, make=may_make) as folder:
            is_new = may_make and not folder.has(name)
            number = folder.open(name, WRITE_LINES if may_make else OPEN_FILE)
            if is_new:
                folder.sync()
            path = str(folder.path / name)
    except FileNotFoundError:
        yield None, str(root.joinpath(*parts, name))
        return
    except OSError as error:
        raise unusable(error) from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise FileFault("What has this name is not a plain file.")
    with os.fdopen(number, "r+b" if may_make else "rb") as file:
        yield file, path
