"""A repository's parts are taken from under the allowed root alone, and git is stopped in time."""

from __future__ import annotations

import errno
import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from devin_tools.errors import FileFault, InvalidArguments, UsageError
from devin_tools.local import git
from devin_tools.local.git import Git, RepositoryPaths, copy_git_dir, find_repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an allowed folder that holds a repository, made by hand, with a secret beside it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_text("secret")
    made = tmp_path / "root" / "shop" / ".git"
    for name in ("objects/info", "objects/pack", "refs/heads"):
        (made / name).mkdir(parents=True)
    (made / "HEAD").write_text("ref: refs/heads/main\n")
    (made / "refs" / "heads" / "main").write_text("0" * 40 + "\n")
    (made / "config").write_text("[core]\n\tautocrlf = true\n")
    return (tmp_path / "root").resolve()


def found(root: Path, folder: str = "shop") -> RepositoryPaths:
    return find_repository(str(root), folder)


def test_a_repository_is_found_from_a_folder_in_it(root: Path) -> None:
    (root / "shop" / "a" / "b").mkdir(parents=True)
    places = found(root, "shop/a/b")
    assert (places.top, places.git_dir) == (root / "shop", root / "shop" / ".git")
    for folder in ("none", "shop/.git/HEAD"):
        with pytest.raises(InvalidArguments, match="The folder does not exist"):
            found(root, folder)
    (root / "plain").mkdir()
    with pytest.raises(InvalidArguments, match="is not in a git repository"):
        found(root, "plain")


def test_a_repository_above_the_root_is_not_looked_for(root: Path) -> None:
    (root / "shop" / "inner").mkdir()
    with pytest.raises(InvalidArguments, match="is not in a git repository"):
        find_repository(str(root / "shop" / "inner"), "")


def link_of_objects(made: Path, outside: Path) -> None:
    (made / "objects" / "pack" / "x").symlink_to(outside / "x")


def alternates(made: Path, outside: Path) -> None:
    (made / "objects" / "info" / "alternates").write_text(f"# theirs\n\n{outside}\n")


def relative_alternates(made: Path, outside: Path) -> None:
    (made / "objects" / "info" / "alternates").write_text("../../../../../outside\n")


def git_dir(made: Path, outside: Path) -> None:
    made.rename(outside / "git")
    made.write_text(f"gitdir: {outside / 'git'}\n")


def common_dir(made: Path, outside: Path) -> None:
    (made / "commondir").write_text(str(outside))


OUT = [link_of_objects, alternates, relative_alternates, git_dir, common_dir]


@pytest.mark.parametrize("lead_out", OUT)
def test_no_part_of_a_repository_leads_out_of_the_root(
    root: Path, lead_out: Callable[[Path, Path], None]
) -> None:
    lead_out(root / "shop" / ".git", root.parent / "outside")
    with pytest.raises(FileFault, match="keeps a part of its data outside"):
        found(root)


UNREADABLE: list[tuple[str, Callable[[Path], Any]]] = [
    ("a folder", lambda at: at.mkdir()),
    ("a pipe", os.mkfifo),
    ("a link to nothing", lambda at: at.symlink_to("nothing")),
    ("too long", lambda at: at.write_text("# x\n" * 20_000)),
    ("quoted", lambda at: at.write_text('"/etc"\n')),
    ("quoted later", lambda at: at.write_text('# x\n"/etc"\n')),
]


@pytest.mark.parametrize("make", [make for _, make in UNREADABLE], ids=[name for name, _ in UNREADABLE])
def test_a_list_of_alternates_that_is_not_read_as_git_reads_it_is_refused(
    root: Path, make: Callable[[Path], Any]
) -> None:
    make(root / "shop" / ".git" / "objects" / "info" / "alternates")
    with pytest.raises(UsageError, match=r"alternate objects cannot be read|objects is not a file"):
        found(root)


def test_a_list_of_alternates_that_cannot_be_opened_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = git.open_plain
    (root / "shop" / ".git" / "objects" / "info" / "alternates").write_text("")
    assert found(root)

    def fails(allowed: Path, path: Path) -> Any:
        if path.name == "alternates":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(allowed, path)

    monkeypatch.setattr(git, "open_plain", fails)
    with pytest.raises(UsageError, match="alternate objects cannot be read"):
        found(root)


def test_alternates_within_the_root_are_followed_and_a_circle_ends(root: Path) -> None:
    other = root / "other" / "objects"
    (other / "info").mkdir(parents=True)
    (other / "info" / "alternates").write_text("../../shop/.git/objects\n")
    (root / "shop" / ".git" / "objects" / "info" / "alternates").write_text(f"{other}\n")
    assert found(root)
    os.mkfifo(other / "pipe")
    with pytest.raises(UsageError, match="objects is not a file"):
        found(root)


def test_a_part_that_is_too_large_is_not_copied(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, index = found(root), root / "shop" / ".git" / "index"
    index.write_bytes(b"x" * 11)
    monkeypatch.setattr(git, "MAX_COPY", 10)
    with pytest.raises(UsageError, match="too large to be read"):
        places.copy(index, tmp_path / "copy")
    index.write_bytes(b"x" * 10)
    os.utime(index, ns=(1_000, 2_000))
    places.copy(index, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"x" * 10 and (tmp_path / "copy").stat().st_mtime_ns == 2_000
    places.copy(root / "shop" / ".git" / "shallow", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_repository_with_too_many_loose_refs_is_refused_with_what_to_do(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = found(root)
    (tmp_path / "copied").mkdir()
    monkeypatch.setattr(git, "MAX_REFS", 1)  # there is a folder, and a ref in it
    with pytest.raises(UsageError, match="too many loose refs") as caught:
        git._copy_refs(places, tmp_path / "copied")
    assert "git pack-refs" in str(caught.value.hint)
    (tmp_path / "again").mkdir()
    monkeypatch.setattr(git, "MAX_REFS", 2)
    git._copy_refs(places, tmp_path / "again")
    assert (tmp_path / "again" / "heads" / "main").read_text() == "0" * 40 + "\n"


class Program:
    """A git that prints what a test says: no process."""

    def __init__(self, printed: bytes = b"", code: int = 0, seconds: float = 0.0) -> None:
        self.printed, self.code, self.seconds = printed, code, seconds
        self.now = 0.0
        self.ran: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.is_killed = False

    def __call__(self, words: Any, **how: Any) -> Program:
        self.ran.append((tuple(words), how))
        self.stdout, self.returncode = io.BytesIO(self.printed), self.code
        return self

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.now += self.seconds

    def kill(self) -> None:
        self.is_killed = True
        self.returncode = -9


def running(program: Program, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Git:
    monkeypatch.setattr(git, "subprocess", SimpleNamespace(**vars(subprocess) | {"Popen": program}))
    monkeypatch.setattr(git, "time", SimpleNamespace(monotonic=lambda: program.now))
    monkeypatch.setattr(git.shutil, "which", lambda name, path: f"/bin/{name}")
    return Git(folder, folder / "repository")


def test_git_is_run_in_our_folder_with_a_clean_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "canary")
    inside = tmp_path / "repository" / "bin"
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "relative", str(inside), ""]))
    program = Program(b"all of it")
    assert running(program, monkeypatch, tmp_path).run("status", b"-z") == b"all of it"
    ((words, how),) = program.ran
    assert words == ("/bin/git", "--no-pager", "--literal-pathspecs", "status", b"-z")
    assert how["cwd"] == tmp_path and how["stdin"] == subprocess.DEVNULL and "shell" not in how
    assert how["env"]["PATH"] == "/usr/bin" and "GIT_SSH_COMMAND" not in how["env"]
    assert how["env"]["GIT_ALLOW_PROTOCOL"] == "none"


def test_git_that_prints_too_much_is_stopped_and_what_came_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(b"x" * 100)
    assert running(program, monkeypatch, tmp_path).run("log", most=99) == b"x" * 99
    assert program.is_killed
    program = Program(b"x" * 99)
    assert running(program, monkeypatch, tmp_path).run("log", most=99) == b"x" * 99
    assert not program.is_killed


def test_git_that_fails_is_an_error_unless_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = running(Program(b"half", code=128), monkeypatch, tmp_path)
    with pytest.raises(UsageError, match="git cannot read the repository") as caught:
        runner.run("status")
    assert "git fsck" in str(caught.value.hint)
    assert runner.run("status", may_fail=True) == b""


def test_all_runs_together_take_no_longer_than_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = running(Program(b"", seconds=git.MAX_SECONDS / 2), monkeypatch, tmp_path)
    runner.run("status")
    runner.run("status")
    with pytest.raises(UsageError, match="took longer than 30 seconds"):
        runner.run("status", may_fail=True)


def test_without_git_it_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setenv("PATH", str(tmp_path / "repository" / "bin"))
    monkeypatch.setattr(git.shutil, "which", lambda name, path: asked.append(path))
    with pytest.raises(UsageError, match="git is not installed"):
        Git(tmp_path, tmp_path / "repository")
    assert asked == [""], "and it is not looked for in the repository"


class Recording:
    """A git of which only its settings matter."""

    def __init__(self, ignored: bytes = b"") -> None:
        self.ignored = ignored
        self.env: dict[str, str] = {}

    def use(self, **env: str) -> None:
        self.env |= env

    def run(self, *words: Any, **how: Any) -> bytes:
        if "core.excludesFile" in words:
            assert "GIT_CONFIG_GLOBAL" not in self.env, "the person's own settings say it"
            return self.ignored
        return b"core.autocrlf\ntrue\0core.fsmonitor\n/bin/canary\0filter.x.clean\ncanary\0"


def prepared(root: Path, folder: Path, ignored: bytes = b"") -> Recording:
    folder.mkdir()
    recording: Any = Recording(ignored)
    copy_git_dir(recording, found(root), folder)
    assert recording.env["GIT_DIR"] == str(folder) and recording.env["GIT_CONFIG_GLOBAL"] == os.devnull
    made: Recording = recording
    return made


def test_what_a_person_ignores_everywhere_stays_ignored(root: Path, tmp_path: Path) -> None:
    env = prepared(root, tmp_path / "ours", b"/home/ada/my ignores\n").env
    assert (env["GIT_CONFIG_COUNT"], env["GIT_CONFIG_KEY_0"]) == ("1", "core.excludesFile")
    assert env["GIT_CONFIG_VALUE_0"] == "/home/ada/my ignores"
    assert "GIT_CONFIG_COUNT" not in prepared(root, tmp_path / "again").env


def test_of_a_repositorys_settings_none_is_kept_that_can_name_a_program(root: Path, tmp_path: Path) -> None:
    prepared(root, tmp_path / "ours")
    text = (tmp_path / "ours" / "config").read_text()
    assert "autocrlf = true" in text and "canary" not in text and "fsmonitor" not in text


def test_tables_of_refs_are_copied_and_none_from_outside(root: Path, tmp_path: Path) -> None:
    tables = root / "shop" / ".git" / "reftable"
    tables.mkdir()
    (tables / "tables.list").write_text("0x1.ref\n")
    (tables / "0x1.ref").write_bytes(b"REFT")
    prepared(root, tmp_path / "ours")
    copied = {path.name: path.read_bytes() for path in (tmp_path / "ours" / "reftable").iterdir()}
    assert copied == {"tables.list": b"0x1.ref\n", "0x1.ref": b"REFT"}
    (tables / "0x2.ref").symlink_to(root.parent / "outside" / "x")
    with pytest.raises(FileFault, match="keeps a part of its data outside"):
        prepared(root, tmp_path / "again")


def test_a_linked_work_tree_with_tables_of_refs_is_refused(root: Path, tmp_path: Path) -> None:
    common = root / "shop" / ".git"
    linked = common / "worktrees" / "side"
    linked.mkdir(parents=True)
    (linked / "HEAD").write_text("ref: refs/heads/side\n")
    (linked / "commondir").write_text("../..\n")
    (root / "side").mkdir()
    (root / "side" / ".git").write_text(f"gitdir: {linked}\n")
    places = found(root, "side")
    assert (places.git_dir, places.common) == (linked, common)
    recording: Any = Recording()
    (tmp_path / "fine").mkdir()
    copy_git_dir(recording, places, tmp_path / "fine")
    (common / "reftable").mkdir()
    (tmp_path / "ours").mkdir()
    with pytest.raises(UsageError, match="linked work tree"):
        copy_git_dir(recording, places, tmp_path / "ours")


def test_only_what_is_called_as_a_shared_index_is_copied(root: Path, tmp_path: Path) -> None:
    real = {"sharedindex." + "a" * 40, "sharedindex." + "0" * 64}
    for name in (*real, "sharedindex.aa", "sharedindex." + "g" * 40, "sharedindex." + "a" * 40 + ".lock"):
        (root / "shop" / ".git" / name).write_bytes(b"x")
    prepared(root, tmp_path / "ours")
    assert {path.name for path in (tmp_path / "ours").glob("sharedindex*")} == real
