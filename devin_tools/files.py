"""Files of this machine: which may be used, what a saved one is called, and how it comes to be there.

A file is written under a name of its own first and gets its real one when it is whole, so that a
broken transfer leaves nothing behind and nothing is overwritten by accident.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self

from .errors import FileFault, FileTaken
from .filenames import safe_name
from .wire import Download

__all__ = ["Landing", "Outgoing", "inside", "to_send"]

Tell = Callable[[int, int | None], None]
"""Hears how many bytes went, and of how many."""


def inside(root: str, path: str) -> Path:
    """Give the real path, with links followed, when it lies under the root; raise `FileFault` otherwise."""
    try:
        allowed = Path(root).resolve(strict=True)
        real = (allowed / path).resolve()
        is_inside = real.is_relative_to(allowed)
    except (OSError, RuntimeError, ValueError):
        raise FileFault("The folder for files, or the path under it, cannot be used.") from None
    if not is_inside:
        raise FileFault(
            "The path lies outside the folder that files may be sent from and saved into.",
            hint=f"That folder is {allowed}; DEVIN_FILE_ROOT (the setting file_root) names another.",
        )
    return real


def to_send(root: str, path: str) -> Path:
    """Find a file that is to be sent; raise `FileFault` unless it is a plain, visible file under the root."""
    real = inside(root, path)
    if any(part.startswith(".") for part in real.relative_to(Path(root).resolve()).parts):
        raise FileFault(
            "The path to send is hidden (a part of it begins with a dot): such files can hold keys.",
            hint="If it is meant to be sent, copy it to a plain name first.",
        )
    if not real.is_file():
        raise FileFault("There is no plain file at the path to send.", hint="Check the path and call again.")
    return real


class Outgoing:
    """A file that is read in pieces, telling how far it is."""

    def __init__(self, path: Path, tell: Tell):
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise FileFault(f"The file to send cannot be read: {error.strerror}.") from None
        self._size = os.fstat(self._file.fileno()).st_size
        self._tell = tell

    def read(self, size: int = -1) -> bytes:
        """Read a piece."""
        piece = self._file.read(size)
        self._tell(self._file.tell(), self._size)
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Landing:
    """Where a download comes down: a file without a name, until it is whole.

    Raises `FileFault` when the folder is not allowed, the name is taken, the disk fails, or more
    comes than may.
    """

    def __init__(self, step: Download, root: str, tell: Tell):
        self._target = inside(root, step.folder) / safe_name(step.name)
        self._step, self._tell = step, tell
        self.size = 0

    def __enter__(self) -> Self:
        if not self._step.overwrite and os.path.lexists(self._target):
            raise FileTaken("A file of that name is there already.")
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(prefix=".devin-tools-", suffix=".part", dir=self._target.parent)
        except OSError as error:
            raise FileFault(f"The folder cannot be written to: {error.strerror}.") from None
        self._part, self._file = Path(name), os.fdopen(number, "wb")
        return self

    def write(self, piece: bytes, expected: int | None = None) -> None:
        """Take a piece; raise when there is more than may come, now or by what the server announces."""
        self.size += len(piece)
        if max(self.size, expected or 0) > self._step.max_bytes:
            raise FileFault(
                f"The file is larger than the limit of {self._step.max_bytes} bytes.",
                hint="Call again with a higher max_bytes.",
            )
        try:
            self._file.write(piece)
        except OSError as error:
            raise FileFault(f"The file cannot be written: {error.strerror}.") from None
        self._tell(self.size, expected)

    def finish(self) -> dict[str, Any]:
        """Give the file its name, and say what came of it."""
        try:
            self._file.close()
            if not self._step.overwrite:  # take the name, unless somebody took it meanwhile
                os.close(os.open(self._target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._part.replace(self._target)
        except FileExistsError:
            raise FileTaken("A file of that name is there already.") from None
        except OSError as error:
            raise FileFault(f"The file cannot be written: {error.strerror}.") from None
        return {"path": str(self._target), "name": self._target.name, "size": self.size}

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)
