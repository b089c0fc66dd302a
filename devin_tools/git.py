"""Run git without letting a repository choose what runs.

The configuration of a repository can name programs: filters, text converters, external diffs, hooks, a
file system monitor, ways to fetch missing objects. So git never works with it. It gets a directory of our
own, with the objects and the index of the repository and a configuration that we wrote. Attributes in
the repository may then still name a program, but nothing says what that program is.
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

from .errors import InvalidArguments, UsageError
from .files import inside

__all__ = ["Git", "Places", "find", "prepare"]

MAX_SECONDS = 30.0
"""The time that all runs for one survey may take together."""

MAX_BYTES = 4_000_000
"""How much is read of what git prints, when nothing less is asked for."""

KEPT = re.compile(
    r"core\.(autocrlf|eol|filemode|ignorecase|precomposeunicode|symlinks)|extensions\.objectformat"
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
PASSED_ON = ("HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "TMPDIR", "TEMP", "USERPROFILE")


class Places:
    """Where the parts of a repository are."""

    def __init__(self, top: Path, git_dir: Path, common: Path):
        self.top = top
        self.git_dir = git_dir
        self.common = common


def find(root: str, folder: str) -> Places:
    """Find the repository of a folder; raise when there is none, or when it reaches out of the root."""
    start, end = inside(root, folder), inside(root, "")
    if not start.is_dir():  # a folder above it may be in a repository, but that is not the one that was named
        raise InvalidArguments(
            "There is no such folder.", details=[{"path": "folder", "reason": "is not there"}]
        )
    for top in (start, *start.parents):
        if (top / ".git").exists() or top == end:
            break
    git_dir, common = _git_dirs(root, top)
    if not ((git_dir / "HEAD").is_file() and (common / "objects").is_dir()):
        raise InvalidArguments(
            "The folder is in no git repository.",
            details=[{"path": "folder", "reason": "is in no git repository under the allowed root"}],
        )
    return Places(top, git_dir, common)


def _git_dirs(root: str, top: Path) -> tuple[Path, Path]:
    """Give the git directory of a work tree, and the one whose objects it shares.

    Both must lie under the root, or else be those of a linked work tree: these say themselves which
    work tree is theirs. Anybody could write a file that points to a repository elsewhere.
    """
    git_dir = top / ".git"
    if git_dir.is_file():
        git_dir = (top / _line(git_dir).removeprefix("gitdir: ")).resolve()
        back = git_dir / "gitdir"
        if back.is_file() and Path(_line(back)) == top / ".git":
            return git_dir, (git_dir / _line(git_dir / "commondir")).resolve()
    git_dir = inside(root, str(git_dir))
    inside(root, str(git_dir / "index"))
    inside(root, str(git_dir / "objects"))
    return git_dir, git_dir


def _line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(4096).decode("utf-8", "replace").strip().replace("\0", "")
    except OSError:
        return ""


class Git:
    """Runs git, all in all for a limited time."""

    def __init__(self, folder: Path):
        program = shutil.which("git", path=_path())
        if program is None:
            raise UsageError("git is not installed, and the state of a repository is read with it.")
        self._program = program
        self._folder = folder
        self._end = time.monotonic() + MAX_SECONDS
        self._env = (
            dict(COMMON) | {"PATH": _path()} | {n: os.environ[n] for n in PASSED_ON if n in os.environ}
        )

    def use(self, **env: str) -> None:
        """Set variables for all further runs."""
        self._env = self._env | env

    def run(self, *args: str | bytes, most: int = MAX_BYTES, may_fail: bool = False) -> bytes:
        """Give what git prints, or its first `most` bytes. Raises when it fails, unless it may."""
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
            raise UsageError("git cannot read the repository.", hint="Run `git status` and `git fsck` in it.")
        return output


def prepare(git: Git, places: Places, folder: Path) -> dict[str, str]:
    """Make a git directory of our own in a folder, use it, and give the repository's own settings."""
    settings = _settings(git, places.common / "config")
    for name in ("objects", "refs", "info"):
        (folder / name).mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="utf-8")
    (folder / "config").write_text(_config(settings), encoding="utf-8")
    for name in ("info/exclude", "shallow"):
        source = places.common / name
        if source.is_file() and not source.is_symlink():
            shutil.copyfile(source, folder / name)
    # What a person wants ignored everywhere may hold secrets: it is not to show as untracked.
    ignored = git.run("config", "--global", "--type=path", "--get", "core.excludesFile", may_fail=True)
    if ignored:
        git.use(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="core.excludesFile")
        git.use(GIT_CONFIG_VALUE_0=os.fsdecode(ignored).rstrip("\n"))
    git.use(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_DIR=str(folder),
        GIT_WORK_TREE=str(places.top),
        GIT_INDEX_FILE=str(places.git_dir / "index"),
        GIT_OBJECT_DIRECTORY=str(places.common / "objects"),
    )
    return settings


def _config(settings: Mapping[str, str]) -> str:
    lines = ["[core]", "repositoryformatversion = 1", "bare = false"]
    for name, value in settings.items():
        if KEPT.fullmatch(name) and re.fullmatch(r"[a-zA-Z0-9]+", value):
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


def _path() -> str:
    """Give the search path without its relative parts."""
    return os.pathsep.join(p for p in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(p))
