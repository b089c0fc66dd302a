"""A file of this machine that a secret is kept in: new, its owner's alone, and out of the reach of models.

What models may send and save lies under the folder for files, so such a file lies outside of it. Nothing is
overwritten, whatever the settings allow for downloads.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..errors import FileFault, FileTaken, Hint
from ..flow import KeepSecret
from ..security.filenames import why_not_plain
from .folders import CREATE_FILE, FILL_FILE, Folder, real_root

OWNER_ONLY = 0o600


def keep_secret(step: KeepSecret, root: str) -> str:
    """Perform the step, and return the whole path of its file; raise `FileFault`."""
    path = _place(step.path, root)
    try:
        with Folder(path.parent, ()) as folder:
            if step.action == "reserve":
                _reserve(folder, path.name)
            elif step.action == "release":
                _release(folder, path.name)
            elif step.secret is not None:
                _write(folder, path.name, step.secret.get_secret_value())
    except FileExistsError:
        raise FileTaken(
            "A file of that name is there already, and no secret is written over one.",
            hint="Name a file that is not there yet. An empty one may be left of a call that was ended.",
        ) from None
    except OSError as error:
        raise FileFault(f"The file for the secret cannot be written: {error.strerror}.") from None
    return str(path)


def _place(path: str, root: str) -> Path:
    """Return where a file is to be, the links to its folder followed; refuse what models may reach."""
    allowed = real_root(root)
    try:
        whole = allowed / path
        folder = whole.parent.resolve(strict=True)
        is_shared = _is_shared(folder)
    except (OSError, RuntimeError, ValueError):
        raise FileFault(
            "The folder of the file for the secret does not exist, or cannot be used.",
            hint="Make the folder first, for yourself alone.",
        ) from None
    if folder.is_relative_to(allowed):
        raise FileFault(
            "The file for the secret would lie in the folder that models send files from.",
            hint=Hint(
                f"That folder is {allowed}: name a file outside of it, or set DEVIN_FILE_ROOT (the setting "
                "file_root) to another.",
                model="A person has to name a file outside of it.",
            ),
        )
    if is_shared:
        raise FileFault(
            "Anybody on this machine may put other files in the place of those in that folder.",
            hint="Name a file in a folder that only you may write to.",
        )
    if "\0" in path or path.endswith(("/", "\\")) or why_not_plain(whole.name.removeprefix(".")):
        raise FileFault("The path for the secret does not end in the name of a file.", hint="Name a file.")
    return folder / whole.name


def _is_shared(folder: Path) -> bool:
    """Return whether everybody may write to a folder, and remove what others put there."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX and os.name != "nt"


def _reserve(folder: Folder, name: str) -> None:
    os.close(folder.open(name, CREATE_FILE))


def _write(folder: Folder, name: str, secret: str) -> None:
    """Fill the file that was reserved, and no other that somebody put in its place."""
    with os.fdopen(folder.open(name, FILL_FILE), "wb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size or found.st_nlink != 1 or not _is_own(found):
            raise FileFault("The file for the secret is not the one that was made for it.")
        file.write(f"{secret}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _release(folder: Folder, name: str) -> None:
    number = folder.open(name, FILL_FILE)
    try:
        is_empty = not os.fstat(number).st_size
    finally:
        os.close(number)
    if is_empty:
        folder.remove(name)


def _is_own(found: os.stat_result) -> bool:
    """Return whether a file is its owner's alone, who runs this; Windows says that by other means."""
    if os.name == "nt":
        return True
    return found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & ~OWNER_ONLY == 0
