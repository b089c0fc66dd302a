"""Read the state of a repository of this machine: where it is hosted, its last commits, what changed."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import UsageError
from ..flow import FileExcerpt, OmittedFile, ReadRepository, RepositoryState
from ..security.filenames import why_not_plain
from ..security.scanning import Line, refuse_secrets
from .folders import open_plain
from .git import SICK, Git, RepositoryPaths, copy_git_dir, find_repository

COMMITS = 20
MAX_SUBJECT = 200
MAX_INDEX = 500_000_000
MAX_FILES = 300
"""How many files are looked at: each costs a run of git."""

OUTSIDE = re.compile(rb"(?i)\.|\.\.|\.git[ .]*|git~1[ .]*")
"""Parts of a path that lead out of the work tree: to what is above it, or into the git directory."""

DIFF = (
    "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--ignore-submodules=all",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip


def read_repository(step: ReadRepository, root: str) -> RepositoryState:
    """Read a repository under the allowed root, and scan what is returned of it for secrets.

    Raises `FileFault` for a folder elsewhere, `Refused` for what looks like a secret, `UsageError` for
    what cannot be read or scanned.
    """
    places = find_repository(root, step.folder)
    with tempfile.TemporaryDirectory(prefix="devin-tools-") as folder:
        git = Git(Path(folder), places.top)
        settings = copy_git_dir(git, places, Path(folder))
        state = _read(git, places, settings, step)
    refuse_secrets([*_own_lines(step.also), *_lines(state)])
    return state


def _read(
    git: Git, places: RepositoryPaths, settings: dict[str, str], step: ReadRepository
) -> RepositoryState:
    head = git.run("rev-parse", "--verify", "--quiet", "HEAD", may_fail=True).decode().strip()
    branch = git.run("symbolic-ref", "--quiet", "--short", "HEAD", may_fail=True)
    if not (head or branch):  # taken for empty, all of it would be sent
        raise UsageError("git cannot read the repository.", hint=SICK)
    known = git.run("for-each-ref", "--format=%(objectname)", "refs/remotes", may_fail=True)
    collected = _Excerpts(step.max_chars)
    most = 2 * step.max_chars
    collected.add(_submodules(git))
    collected.add(_changes(git, head, most))
    if step.untracked != "none":
        collected.add(_untracked(git, places, most if step.untracked == "contents" else 0))
    name = branch.decode("utf-8", "replace").strip() or None
    return RepositoryState(
        remote=_remote(settings, name),
        branch=name,
        commits=_commits(git, head) if head else (),
        unpushed=_unpushed(git, head, known.decode().split()) if head else None,
        passages=tuple(collected.passages),
        left_out=tuple(collected.left_out),
    )


def _commits(git: Git, head: str) -> tuple[str, ...]:
    text = git.run("log", f"-n{COMMITS}", "-z", "--format=%h %s", head).decode("utf-8", "replace")
    return tuple(" ".join(item.split())[:MAX_SUBJECT] for item in text.split("\0") if item)


def _unpushed(git: Git, head: str, known: list[str]) -> int | None:
    if not known:
        return None
    count = git.run("rev-list", "--count", head, *(f"^{sha}" for sha in known[:MAX_FILES]), may_fail=True)
    return int(count) if count.strip().isdigit() else None


def _submodules(git: Git) -> Iterator[OmittedFile]:
    """Yield the submodules. What they are at would be read from wherever their own links lead.

    Raises when the index names a file that is not beneath the work tree: git would compare it.
    """
    for entry in filter(None, git.run("ls-files", "--stage", "-z", most=MAX_INDEX).split(b"\0")):
        about, _, path = entry.partition(b"\t")
        if path.startswith(b"/") or any(OUTSIDE.fullmatch(part) for part in re.split(rb"[/\\]", path)):
            raise UsageError("The index of the repository names a file outside of it.")
        if about.startswith(b"160000 "):
            yield OmittedFile(_shown(path), "submodule: its state is not read")


def _changes(git: Git, head: str, most: int) -> Iterator[FileExcerpt | OmittedFile]:
    """Yield what changed since the last commit, staged or not, file by file."""
    base = head or git.run("hash-object", "-t", "tree", "--stdin").decode().strip()
    listed = git.run(*DIFF, "--name-status", "-z", base, "--").split(b"\0")
    for path in dict.fromkeys(listed[1::2]):  # a conflict lists its file twice
        text = git.run(*DIFF, base, "--", path, most=most).decode("utf-8", "replace")
        name = _shown(path)
        if "\nBinary files " in text and "\n@@ " not in text:
            yield OmittedFile(name, "binary")
        else:
            yield FileExcerpt(name, text, is_diff=True)


def _untracked(git: Git, places: RepositoryPaths, most: int) -> Iterator[FileExcerpt | OmittedFile]:
    listed = git.run("ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    for path in filter(None, listed):
        name = _shown(path)
        if not most:
            yield OmittedFile(name, "untracked")
        elif any(why_not_plain(part) for part in os.fsdecode(path).strip("/").split("/")):
            yield OmittedFile(name, "untracked and hidden: such files can hold keys")
        elif (content := _content(places, path, most)) is None:
            yield OmittedFile(name, "untracked; no text file")
        else:
            yield FileExcerpt(name, content, is_diff=False)


def _content(places: RepositoryPaths, path: bytes, most: int) -> str | None:
    """Return the text of a file; `None` for one that is not text. No link is followed."""
    try:
        with open_plain(places.root, places.top / os.fsdecode(path)) as file:
            data = file.read(most)
    except OSError:
        return None
    return None if b"\0" in data else data.decode("utf-8", "replace")


class _Excerpts:
    """Excerpts of files within a limited number of characters, and the files left out."""

    def __init__(self, max_chars: int):
        self.passages: list[FileExcerpt] = []
        self.left_out: list[OmittedFile] = []
        self._room = max_chars
        self._most = max_chars // 4
        """What one file may take, so that none crowds the others out."""

    def add(self, found: Iterable[FileExcerpt | OmittedFile]) -> None:
        for count, item in enumerate(found):
            if count == MAX_FILES:
                self.left_out.append(OmittedFile("further files", f"only {MAX_FILES} are looked at"))
                return
            if isinstance(item, OmittedFile):
                self.left_out.append(item)
            else:
                self._fit(item)

    def _fit(self, passage: FileExcerpt) -> None:
        """Add an excerpt, cut at the end of a line where it is too long: no secret is cut in two."""
        most = min(self._room, self._most)
        text = passage.text
        if len(text) > most:
            text = text[: text.rfind("\n", 0, most) + 1]
            why = f"all but the first {text.count(chr(10))} lines: no room" if text else "no room"
            self.left_out.append(OmittedFile(passage.name, why))
        if text:
            self._room -= len(text)
            self.passages.append(FileExcerpt(passage.name, text, passage.is_diff))


def _remote(settings: dict[str, str], branch: str | None) -> str | None:
    """Return where the repository is hosted. A path of this machine, and credentials, stay out."""
    names = [settings.get(f"branch.{branch}.remote", ""), "origin"]
    names += [match[1] for name in settings if (match := re.fullmatch(r"remote\.(.+)\.url", name))]
    for name in names:
        if place := _hosted(settings.get(f"remote.{name}.url", "")):
            return place
    return None


def _hosted(url: str) -> str | None:
    if match := re.fullmatch(r"(?:[^@/:]+@)?([A-Za-z0-9.-]+):(?!//)([^:?#]+)", url):  # scp's way
        host, path = match[1], match[2]
    else:
        try:
            parts = urlsplit(url)
            host, path = parts.hostname or "", parts.path
        except ValueError:
            return None
        if parts.scheme not in ("https", "http", "ssh", "git"):
            return None
    place = f"{host}/{path.strip('/').removesuffix('.git')}"
    return place if host and re.fullmatch(r"[A-Za-z0-9._~/-]{3,300}", place) else None


def _shown(path: bytes) -> str:
    """Write a path so that it takes one line, whatever is in it."""
    text = path.decode("utf-8", "replace")
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _own_lines(texts: Iterable[tuple[str, str]]) -> Iterator[Line]:
    for name, text in texts:
        yield from (Line(name, number, line) for number, line in enumerate(text.split("\n"), 1))


def _lines(state: RepositoryState) -> Iterator[Line]:
    """Yield every line of the answer, with its file and number."""
    about = [state.remote or "", state.branch or "", *(item.name for item in state.left_out)]
    yield from _own_lines([("names", "\n".join([*about, *(item.name for item in state.passages)]))])
    yield from _own_lines([("commit subjects", "\n".join(state.commits))])
    for passage in state.passages:
        if passage.is_diff:
            yield from _diff_lines(passage)
        else:
            yield from _own_lines([(passage.name, passage.text)])


def _diff_lines(passage: FileExcerpt) -> Iterator[Line]:
    """Number the lines of a diff as they are in the file: in its old version where they were removed."""
    old = new = 0
    for line in passage.text.split("\n"):
        if match := re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", line):
            old, new = int(match[1]) - 1, int(match[2]) - 1
        kind = line[:1]
        old += kind in ("-", " ")
        new += kind in ("+", " ")
        yield Line(passage.name, old if kind == "-" else new, line[1:] if kind in ("+", "-", " ") else line)
