"""Run git without letting a repository choose what runs, or what is read.

The configuration of a repository can name programs: filters, text converters, external diffs, hooks, a
file system monitor, ways to fetch missing objects; and other files to include. So git never works with
it. It gets a directory of our own, with copies of the index and the refs of the repository, its objects,
and a configuration that we wrote. Attributes in the repository may then still name a program, but nothing
says what that program is. Whatever the parts of a repository refer to must lie under the allowed root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from ..errors import FileFault, Hint, InvalidArguments, UsageError
from .folders import inside, open_plain, real_root

MAX_SECONDS = 30.0
"""The time that all runs for one survey may take together."""

MAX_BYTES = 4_000_000
"""How much is read of what git prints, when nothing less is asked for."""

MAX_REFS = 20_000
"""How many refs that have a file of their own are copied."""

MAX_COPY = 500_000_000
"""The largest part of a repository that is copied, in bytes."""

SHARED_INDEX = re.compile(r"sharedindex\.[0-9a-f]{40,64}")

SAFE_SETTINGS = re.compile(
    r"core\.(autocrlf|eol|filemode|ignorecase|precomposeunicode|symlinks)|extensions\.(objectformat|refstorage)"
)
"""The settings of a repository that say how to read it, and can name no program."""

COMMON: Mapping[str, str] = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",  # a look changes nothing, not even the index
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
SICK = Hint(
    "It has to be repaired where it is.",
    python="Run `git status` and `git fsck` in it.",
    cli="Run `git status` and `git fsck` in it.",
)
PACK = "Run `git pack-refs --all` in it."
"""What to do about a repository that cannot be read."""

INHERITED = ("HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "TMPDIR", "TEMP", "USERPROFILE")


class RepositoryPaths:
    """Where the parts of a repository are: all of them under the allowed root."""

    def __init__(self, root: str, top: Path, git_dir: Path, common: Path):
        self.root = real_root(root)
        self.top = top
        self.git_dir = git_dir
        self.common = common

    def within(self, path: Path) -> Path:
        """Return the real path of a part of the repository; raise when it leads out of the root."""
        return _within(str(self.root), path)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a plain file, with its times, if there is one: git goes by those of the index."""
        try:
            file = open_plain(self.root, self.within(source))
        except OSError:
            return
        with file, target.open("wb") as copied:
            about = os.fstat(file.fileno())
            if about.st_size > MAX_COPY:
                raise UsageError("A part of the repository's git directory is too large to be read.")
            shutil.copyfileobj(file, copied)
        os.utime(target, ns=(about.st_atime_ns, about.st_mtime_ns))


def find_repository(root: str, folder: str) -> RepositoryPaths:
    """Find the repository of a folder; raise when there is none, or when it reaches out of the root."""
    start, end = inside(root, folder), inside(root, "")
    if not start.is_dir():  # a folder above it may be in a repository, but that is not the one that was named
        raise InvalidArguments(
            "The folder does not exist.", details=[{"path": "folder", "reason": "does not exist"}]
        )
    for top in (start, *start.parents):
        if os.path.lexists(top / ".git") or top == end:
            break
    git_dir = _within(root, top / ".git")
    if link := _text(root, git_dir).removeprefix("gitdir: "):  # a linked work tree, or a submodule
        git_dir = _within(root, top / link)
    common = _within(root, git_dir / (_text(root, git_dir / "commondir") or "."))
    if not ((git_dir / "HEAD").is_file() and (common / "objects").is_dir()):
        raise InvalidArguments(
            "The folder is not in a git repository.",
            details=[{"path": "folder", "reason": "is not in a git repository under the allowed root"}],
        )
    places = RepositoryPaths(root, top, git_dir, common)
    _check_objects(places)
    return places


def _within(root: str, path: Path) -> Path:
    try:
        return inside(root, str(path))
    except FileFault:
        raise FileFault(
            "The repository keeps a part of its data outside the folder for files.",
            hint=Hint(
                "DEVIN_FILE_ROOT (the setting file_root) may name a folder that holds all of it.",
                model="Only a person may allow a folder that holds all of it.",
            ),
        ) from None


def _text(root: str, path: Path) -> str:
    """Return the text of a short file of a git directory; an empty one for whatever else is there."""
    try:
        with open_plain(real_root(root), _within(root, path)) as file:
            return file.read(4096).decode("utf-8", "surrogateescape").strip().replace("\0", "")
    except OSError:
        return ""


def _check_objects(places: RepositoryPaths) -> None:
    """Raise when objects are kept elsewhere: through links, or through alternates, or those of alternates.

    Nothing but folders and plain files may be among them: git would wait for a pipe.
    """
    left, seen = [places.within(places.common / "objects")], set[Path]()
    while left:
        folder = left.pop()
        if folder in seen or not folder.is_dir():
            continue
        seen.add(folder)
        for path in folder.iterdir():
            real = places.within(path) if path.is_symlink() else path
            if real.is_dir():
                left.append(real)
            elif not real.is_file():
                raise UsageError("Something among the repository's objects is not a file.")
        for line in _alternates(places, folder):
            # git takes `x/..` away before it follows links, and others do so after that
            left += [places.within(folder / line), places.within(Path(os.path.normpath(folder / line)))]


def _alternates(places: RepositoryPaths, objects: Path) -> list[str]:
    """Return the places where a folder of objects says that there are more."""
    path = objects / "info" / "alternates"
    if not os.path.lexists(path):
        return []
    try:
        with open_plain(places.root, places.within(path)) as file:
            text = file.read(65_537)
    except OSError:
        text = None
    if text is None or len(text) > 65_536 or text.startswith(b'"') or b'\n"' in text:
        raise UsageError("The repository's list of alternate objects cannot be read.")
    return [os.fsdecode(line) for line in text.split(b"\n") if line and not line.startswith(b"#")]


class Git:
    """Runs git, all in all for a limited time."""

    def __init__(self, folder: Path, top: Path):
        path = _path(top)
        program = shutil.which("git", path=path)
        if program is None:
            raise UsageError("git is not installed; the state of a repository is read with it.")
        self._program = program
        self._folder = folder
        self._end = time.monotonic() + MAX_SECONDS
        self._env = dict(COMMON) | {"PATH": path} | {n: os.environ[n] for n in INHERITED if n in os.environ}

    def use(self, **env: str) -> None:
        """Set variables for all further runs."""
        self._env = self._env | env

    def run(self, *args: str | bytes, most: int = MAX_BYTES, may_fail: bool = False) -> bytes:
        """Return what git prints, or its first `most` bytes. Raises when it fails, unless it may."""
        left = self._end - time.monotonic()
        with subprocess.Popen(  # noqa: S603 - no shell, and the program is git itself
            [self._program, "--no-pager", "--literal-pathspecs", *args],
            cwd=self._folder,  # ours: a program is never looked for in the repository
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            timer = threading.Timer(max(0.1, left), process.kill)
            timer.start()
            try:
                assert process.stdout is not None
                output = process.stdout.read(most)
                is_whole = not process.stdout.read(1)
                if not is_whole:
                    process.kill()
            finally:
                timer.cancel()
        if time.monotonic() > self._end:
            raise UsageError(f"Reading the repository took longer than {MAX_SECONDS:g} seconds.")
        if is_whole and process.returncode != 0:
            if may_fail:
                return b""
            raise UsageError("git cannot read the repository.", hint=SICK)
        return output


def copy_git_dir(git: Git, places: RepositoryPaths, folder: Path) -> dict[str, str]:
    """Make a git directory of our own in a folder, use it, and return the repository's own settings."""
    for name in ("objects", "refs", "info"):
        (folder / name).mkdir()
    places.copy(places.common / "config", folder / "theirs")
    settings = _settings(git, folder / "theirs")
    (folder / "config").write_text(_config(settings), encoding="utf-8")
    for name in ("info/exclude", "shallow", "packed-refs"):
        places.copy(places.common / name, folder / name)
    _copy_refs(places, folder / "refs")
    shared = (path for path in places.git_dir.glob("sharedindex.*") if SHARED_INDEX.fullmatch(path.name))
    for path in (places.git_dir / "HEAD", places.git_dir / "index", *shared):
        places.copy(path, folder / path.name)
    tables = places.common / "reftable"
    if os.path.lexists(tables):
        if places.git_dir != places.common:  # it has tables of its own, and there is one folder for them
            raise UsageError("A linked work tree of a repository with tables of refs cannot be read.")
        (folder / "reftable").mkdir()
        for path in places.within(tables).iterdir():
            places.copy(path, folder / "reftable" / path.name)
    # What a person wants ignored everywhere may hold secrets: it is not to show as untracked.
    ignored = git.run("config", "--global", "--type=path", "--get", "core.excludesFile", may_fail=True)
    if ignored:
        git.use(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="core.excludesFile")
        git.use(GIT_CONFIG_VALUE_0=os.fsdecode(ignored).rstrip("\n"))
    git.use(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_DIR=str(folder),
        GIT_WORK_TREE=str(places.top),
        GIT_OBJECT_DIRECTORY=str(places.common / "objects"),
    )
    return settings


def _copy_refs(places: RepositoryPaths, target: Path) -> None:
    """Copy the refs: those that have files of their own, and the tables that newer versions keep."""
    source, count = places.within(places.common / "refs"), 0
    for folder, folders, names in os.walk(source):
        here = target / Path(folder).relative_to(source)
        for name in folders:
            (here / name).mkdir()
        for name in names:
            places.copy(Path(folder) / name, here / name)
        count += len(names) + len(folders)
        if count > MAX_REFS:
            raise UsageError(
                "The repository has too many loose refs.",
                hint=Hint("They have to be packed.", python=PACK, cli=PACK),
            )


def _config(settings: Mapping[str, str]) -> str:
    lines = ["[core]", "repositoryformatversion = 1", "bare = false"]
    lines += ["multiPackIndex = false", "commitGraph = false"]  # the former names packs by any path
    for name, value in settings.items():
        if SAFE_SETTINGS.fullmatch(name) and re.fullmatch(r"[a-zA-Z0-9]+", value):
            section, key = name.split(".")
            lines += [f"[{section}]", f"{key} = {value}"]
    return "\n".join(lines) + "\n"


def _settings(git: Git, file: Path) -> dict[str, str]:
    """Read a configuration as a file of names and values, which runs nothing and includes nothing."""
    found: dict[str, str] = {}
    text = git.run("config", "--file", str(file), "--no-includes", "--null", "--list", may_fail=True)
    for item in text.decode("utf-8", "replace").split("\0"):
        name, _, value = item.partition("\n")
        found.setdefault(name, value)
    return found


def _path(top: Path) -> str:
    """Return the search path without its relative parts, and without those within the repository."""
    parts = os.environ.get("PATH", "").split(os.pathsep)
    outside = (part for part in parts if not Path(os.path.realpath(part)).is_relative_to(top))
    return os.pathsep.join(part for part in outside if os.path.isabs(part))
