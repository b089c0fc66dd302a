"""Folders and files beneath the one that may be used, opened so that no link leads out of it.

A path is opened part by part, each within the folder that was opened before it, and no link is followed:
what was checked is what is opened, whatever others do meanwhile.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from ..errors import FileFault, Hint

HAS_DIR_FD = {os.open, os.mkdir, os.stat, os.unlink} <= os.supports_dir_fd
"""Whether a name can be looked up within a folder that is open. On Windows it cannot."""


def _flags(*names: str) -> int:
    return sum(getattr(os, f"O_{name}", 0) for name in (*names, "NOFOLLOW", "CLOEXEC", "BINARY"))


OPEN_FOLDER = _flags("RDONLY", "DIRECTORY")
OPEN_FILE = _flags("RDONLY", "NONBLOCK", "NOCTTY")  # a pipe or a device answers at once, and is turned away
CREATE_FILE = _flags("WRONLY", "CREAT", "EXCL")
FILL_FILE = _flags("WRONLY", "NONBLOCK", "NOCTTY")
WRITE_LINES = _flags("RDWR", "CREAT", "NONBLOCK", "NOCTTY")


def real_root(root: str) -> Path:
    """Return the real path of the allowed folder; raise `FileFault` when there is none."""
    try:
        return Path(root).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise FileFault("The folder for files does not exist, or is not a folder.") from None


def inside(root: str, path: str) -> Path:
    """Return the real path, with links followed, when it lies under the root; raise `FileFault` otherwise."""
    allowed = real_root(root)
    try:
        real = (allowed / path).resolve()
        is_inside = real.is_relative_to(allowed)
    except (OSError, RuntimeError, ValueError):
        raise FileFault("The path under the folder for files cannot be used.") from None
    if not is_inside:
        raise FileFault(
            "The path lies outside the folder that files may be sent from and saved into.",
            hint=Hint(
                f"That folder is {allowed}; DEVIN_FILE_ROOT (the setting file_root) names another.",
                model="Give a path inside of it, relative to it: only a person may allow another folder.",
            ),
        )
    return real


class Folder:
    """A folder that is open: names are looked up in it, not in whatever lies at its path by then.

    Raises `OSError` when a part of the path under `root` is a link, or not a folder.
    """

    def __init__(self, root: Path, parts: Sequence[str], *, make: bool = False):
        self.path = root.joinpath(*parts)
        self._number: int | None = None
        if HAS_DIR_FD:
            self._enter(root, parts, make)
        else:  # the best that is left: look before and after
            _refuse_links(self.path)
            if make:
                self.path.mkdir(parents=True, exist_ok=True)
                _refuse_links(self.path)

    def _enter(self, root: Path, parts: Sequence[str], make: bool) -> None:
        self._number = os.open(root, OPEN_FOLDER)
        try:
            for part in parts:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, dir_fd=self._number)
                inner = os.open(part, OPEN_FOLDER, dir_fd=self._number)
                os.close(self._number)
                self._number = inner
        except OSError:
            self.close()
            raise

    def _at(self, name: str) -> str:
        return str(self.path / name) if self._number is None else name

    def open(self, name: str, flags: int) -> int:
        """Return the descriptor of a file in it, opened without following links."""
        number = os.open(self._at(name), flags, 0o600, dir_fd=self._number)
        if self._number is None:
            try:
                _refuse_links(self.path / name)
            except OSError:
                os.close(number)
                raise
        return number

    def has(self, name: str) -> bool:
        """Return whether anything of that name is in it, be it a broken link."""
        try:
            os.stat(self._at(name), dir_fd=self._number, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def rename(self, name: str, to: str) -> None:
        """Rename a file, in place of whatever has the new name."""
        at = self._number
        os.replace(self._at(name), self._at(to), src_dir_fd=at, dst_dir_fd=at)

    def sync(self) -> None:
        """Have the names in it on the disk, as far as the system takes that of a folder."""
        if self._number is not None:
            with suppress(OSError):
                os.fsync(self._number)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._number)

    def sweep(self, names: re.Pattern[str], seconds: float) -> None:
        """Remove the plain files of such names that nobody has written to for so long, as far as may be."""
        before = time.time() - seconds
        with suppress(OSError):
            for name in os.listdir(self.path if self._number is None else self._number):
                if names.fullmatch(name):
                    found = os.stat(self._at(name), dir_fd=self._number, follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode) and found.st_mtime < before:
                        self.remove(name)

    def close(self) -> None:
        """Close it. A second time does nothing."""
        number, self._number = self._number, None
        if number is not None:
            os.close(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _refuse_links(path: Path) -> None:
    if os.path.normcase(os.path.realpath(path)) != os.path.normcase(path):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def open_plain(root: Path, path: Path) -> IO[bytes]:
    """Open a plain file at a real path under a real root; raise `OSError` for whatever else is there."""
    parts = path.relative_to(root).parts
    if not parts:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with Folder(root, parts[:-1]) as folder:
        number = folder.open(parts[-1], OPEN_FILE)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return os.fdopen(number, "rb")
