"""Files of this machine: which may be used, what a saved one is called, and how it comes to be there.

A file is written under a name of its own first and gets its real one when it is whole, so that a
broken transfer leaves nothing behind and nothing is overwritten by accident.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from ..errors import FileFault, FileTaken, Hint
from ..security.filenames import safe_name, why_not_a_folder, why_not_plain, why_not_saved
from ..settings import Settings
from ..wire import Download
from .folders import CREATE_FILE, Folder, inside, open_plain, real_root

UNFINISHED = re.compile(r"\.devin-tools-[0-9a-f]{16}\.part")
"""The name of a file that is not whole yet."""

ABANDONED_SECONDS = 86_400.0
"""After which a file that is not whole, and that nobody writes to, was left by a process that was killed. No
transfer pauses for nearly as long, and clocks of shared disks differ."""

OnProgress = Callable[[int, int | None], None]
"""Called with the bytes so far, and with their total where it is known."""


class UploadFile:
    """A file to send, which reports its progress as it is read.

    Raises `FileFault` unless it is a plain, visible file under the root. A link that stays there is
    followed, once: what it leads to is what is checked.
    """

    def __init__(self, root: str, path: str, tell: OnProgress):
        allowed, real = real_root(root), inside(root, path)
        for part in real.relative_to(allowed).parts:
            if why := why_not_plain(part):
                raise FileFault(
                    f"A part of the path to send {why}.",
                    hint="If it is meant to be sent, copy it to a plain name first.",
                )
        try:
            self._file = open_plain(allowed, real)
        except PermissionError as error:
            raise FileFault(f"The file to send cannot be read: {error.strerror}.") from None
        except OSError:
            raise FileFault(
                "There is no plain file at the path to send.", hint="Check the path and call again."
            ) from None
        self.name = real.name
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


class DownloadTarget:
    """Writes a download to a temporary file, and renames it when it is complete.

    Raises `FileFault` when the folder or the name is not allowed, the name is taken, the disk fails, or
    more comes than may. Only the settings or a person allow that a file is replaced.
    """

    def __init__(self, step: Download, settings: Settings, tell: OnProgress):
        self._root, self._parts = download_place(settings, step.folder)
        if why := why_not_saved(step.name):
            raise FileFault(
                f"Nothing is saved under this name: it {why}.",
                hint="Give a name with the ending of plain data, such as .txt or .download.",
            )
        self._name, self._may_replace = safe_name(step.name), step.overwrite or settings.file_overwrite
        self._step, self._tell = step, tell
        self.size = 0

    def __enter__(self) -> Self:
        self._part = f".devin-tools-{secrets.token_hex(8)}.part"
        self._unfinished = [self._part]
        try:
            self._folder = Folder(self._root, self._parts, make=True)
        except OSError as error:
            raise unusable(error) from None
        try:
            self._folder.sweep(UNFINISHED, ABANDONED_SECONDS)
            if not self._may_replace and self._folder.has(self._name):
                raise FileTaken("A file of that name is there already.")
            self._file = os.fdopen(self._folder.open(self._part, CREATE_FILE), "wb")
        except BaseException as error:
            self._folder.close()
            if isinstance(error, OSError):
                raise unusable(error) from None
            raise
        return self

    def write(self, piece: bytes, expected: int | None = None) -> None:
        """Write a piece; raise `FileFault` beyond `max_bytes`, come or announced by the server."""
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
        """Rename the file to its own name, and return its path, name and size in bytes."""
        try:
            self._file.close()
            if not self._may_replace:  # take the name, unless somebody took it meanwhile
                os.close(self._folder.open(self._name, CREATE_FILE))
                self._unfinished.append(self._name)
            self._folder.rename(self._part, self._name)
            self._unfinished.clear()
        except FileExistsError:
            raise FileTaken("A file of that name is there already.") from None
        except OSError as error:
            raise FileFault(f"The file cannot be written: {error.strerror}.") from None
        return {"path": str(self._folder.path / self._name), "name": self._name, "size": self.size}

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # a full disk: what was not written is thrown away
            self._file.close()
        for name in self._unfinished:
            self._folder.remove(name)
        self._folder.close()


def download_place(settings: Settings, folder: str) -> tuple[Path, tuple[str, ...]]:
    """Return the root of files, and the parts of a folder under it to save into.

    Raises `FileFault` for a folder outside of the one for downloads.
    """
    root = real_root(settings.file_root)
    return root, _target_parts(root, settings.download_folder, folder)


def _target_parts(root: Path, own: str, folder: str) -> tuple[str, ...]:
    """Return the parts of the folder to save into: `folder` within the settings' own, within the root."""
    base = _parts(root, own)
    parts = None if base is None else _parts(root.joinpath(*base), folder)
    if base is None or parts is None:
        raise FileFault(
            "The folder to save into lies outside the folder for downloads.",
            hint=Hint(
                "DEVIN_DOWNLOAD_FOLDER (the setting download_folder) names that one, under DEVIN_FILE_ROOT.",
                model="Give a folder inside of that one, or none.",
            ),
        )
    for part in parts:
        if why := why_not_a_folder(part):
            raise FileFault(
                f"A part of the folder to save into {why}.", hint="Give a plain, visible folder, or none."
            )
    return (*base, *parts)


def _parts(base: Path, path: str) -> tuple[str, ...] | None:
    """Return the parts of a path under a folder, by its text alone; `None` when it leads out of it."""
    whole = base / path
    if "\0" in path or ".." in whole.parts[len(base.parts) :] or not whole.is_relative_to(base):
        return None
    return whole.relative_to(base).parts


def unusable(error: OSError) -> FileFault:
    """Return why a folder cannot be saved into."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return FileFault("The folder to save into cannot be used: a part of it is a link, or not a folder.")
    return FileFault(f"The folder cannot be written to: {error.strerror}.")
