"""Nothing outside of the allowed folder is told of, whatever a repository in it refers to."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.sample_repository import git, sample_repository

from devin_tools import Client, Simulator
from devin_tools.errors import DevinToolsError, FileFault, UsageError
from devin_tools.tasks import HandedOff, Handoff

OUTSIDE = "of no concern"


class World:
    """A repository under the allowed folder, and another outside of it."""

    def __init__(self, base: Path):
        self.root, self.shop, self.secret = base / "root", base / "root" / "shop", base / "secret"
        for folder, text in ((self.shop, "inside"), (self.secret, OUTSIDE)):
            folder.mkdir(parents=True)
            git(folder, "init", "-q", "-b", "main")
            (folder / "plan.txt").write_text(f"{text}\n")
            git(folder, "add", ".")
            git(folder, "commit", "-q", "-m", f"Say {text}")
        (base / "plan.txt").write_text(f"{OUTSIDE}\n")

    @property
    def git_dir(self) -> Path:
        return self.shop / ".git"

    def use_head_of_the_other(self) -> None:
        (self.git_dir / "refs" / "heads" / "main").write_text(git(self.secret, "rev-parse", "HEAD"))

    def replace_by_link(self, name: str) -> None:
        (self.git_dir / name).rename(self.root / "old")
        (self.git_dir / name).symlink_to(self.secret / ".git" / name)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def handed(world: World, simulator: Simulator) -> Callable[..., tuple[HandedOff, str]]:
    """Return a function that hands over, and returns the output and the prompt that the session got."""

    def go(folder: str = "shop", **more: Any) -> tuple[HandedOff, str]:
        with Client(**simulator.connection(), guards=(), file_root=str(world.root)) as client:
            output = client.run(Handoff(task="Go on.", folder=folder, **more))
        return output, simulator.world.session("devin-" + output.session_id).prompt

    return go


Handed = Callable[..., tuple[HandedOff, str]]


def linked_work_tree(world: World) -> None:
    fake = world.root / "fake"
    fake.mkdir()
    (world.shop / ".git").rename(world.root / "old")
    (world.shop / ".git").write_text("gitdir: ../fake\n")
    (fake / "HEAD").write_text("ref: refs/heads/main\n")
    (fake / "gitdir").write_text(f"{world.shop / '.git'}\n")
    (fake / "commondir").write_text(f"{world.secret / '.git'}\n")


def true_work_tree(world: World) -> None:
    (world.shop).rename(world.root / "old")
    git(world.secret, "worktree", "add", "-q", str(world.shop))


def link_in_place_of_the_git_directory(world: World) -> None:
    world.git_dir.rename(world.root / "old")
    world.git_dir.symlink_to(world.secret / ".git")


def file_in_place_of_the_git_directory(world: World) -> None:
    world.git_dir.rename(world.root / "old")
    world.git_dir.write_text(f"gitdir: {world.secret / '.git'}\n")


def common_directory(world: World) -> None:
    (world.git_dir / "commondir").write_text("../../../secret/.git\n")


def alternate(world: World) -> None:
    (world.git_dir / "objects/info/alternates").write_text(f"# from\n{world.secret / '.git/objects'}\n")
    world.use_head_of_the_other()


def relative_alternate(world: World) -> None:
    (world.git_dir / "objects/info/alternates").write_text("../../../../secret/.git/objects\n")
    world.use_head_of_the_other()


def alternate_of_an_alternate(world: World) -> None:
    between = world.root / "between"
    between.mkdir()
    git(between, "init", "-q")
    (between / ".git/objects/info/alternates").write_text(f"{world.secret / '.git/objects'}\n")
    (world.git_dir / "objects/info/alternates").write_text(f"{between / '.git/objects'}\n")
    world.use_head_of_the_other()


def alternate_through_a_link_and_back(world: World) -> None:
    (world.root / "a/b/c/d").mkdir(parents=True)
    (world.git_dir / "objects/x").symlink_to(world.root / "a/b/c/d")
    (world.git_dir / "objects/info/alternates").write_text("x/../../../../../secret/.git/objects\n")
    world.use_head_of_the_other()


def quoted_alternate(world: World) -> None:
    (world.git_dir / "objects/info/alternates").write_text(f'"{world.secret / ".git/objects"}"\n')
    world.use_head_of_the_other()


def linked_packs(world: World) -> None:
    git(world.secret, "gc", "-q")
    for pack in (world.secret / ".git/objects/pack").iterdir():
        (world.git_dir / "objects/pack" / pack.name).symlink_to(pack)
    world.use_head_of_the_other()


def linked_objects(world: World) -> None:
    world.replace_by_link("objects")
    world.use_head_of_the_other()


def linked_refs(world: World) -> None:
    world.replace_by_link("refs")


def linked_ref(world: World) -> None:
    world.replace_by_link("refs/heads/main")


def linked_head(world: World) -> None:
    world.replace_by_link("HEAD")


def linked_index(world: World) -> None:
    world.replace_by_link("index")


def linked_config(world: World) -> None:
    world.replace_by_link("config")


def linked_excludes(world: World) -> None:
    world.replace_by_link("info/exclude")


def pipe_among_the_packs(world: World) -> None:
    os.mkfifo(world.git_dir / "objects/pack/pack-1.idx")


def index_of(path: bytes) -> bytes:
    """Return an index that names one file."""
    entry = (
        bytes(24) + struct.pack(">4I", 0o100644, 0, 0, 0) + b"\x11" * 20 + struct.pack(">H", len(path)) + path
    )
    data = b"DIRC" + struct.pack(">2I", 2, 1) + entry + bytes(8 - len(entry) % 8)
    return data + hashlib.sha1(data, usedforsecurity=False).digest()


def index_that_leads_above(world: World) -> None:
    (world.git_dir / "index").write_bytes(index_of(b"../../plan.txt"))


def index_that_leads_into_the_git_directory(world: World) -> None:
    git(world.shop, "config", "user.name", OUTSIDE)
    (world.git_dir / "index").write_bytes(index_of(b".git/config"))


REFUSED = [
    linked_work_tree, true_work_tree, link_in_place_of_the_git_directory,
    file_in_place_of_the_git_directory, common_directory, alternate, relative_alternate,
    alternate_of_an_alternate, alternate_through_a_link_and_back, quoted_alternate, linked_packs,
    linked_objects, linked_refs, linked_ref, linked_head, linked_index, linked_config,
    linked_excludes, pipe_among_the_packs, index_that_leads_above,
    index_that_leads_into_the_git_directory,
]  # fmt: skip


@pytest.mark.parametrize("attack", REFUSED)
def test_a_repository_that_reaches_out_of_the_root_is_refused(
    world: World, handed: Handed, simulator: Simulator, attack: Callable[[World], None]
) -> None:
    attack(world)
    with pytest.raises(DevinToolsError) as caught:
        handed()
    assert isinstance(caught.value, FileFault | UsageError)
    assert (
        "outside" in str(caught.value)
        or "cannot be read" in str(caught.value)
        or "not a file" in str(caught.value)
    )
    assert not simulator.world.sessions and OUTSIDE not in str(caught.value)


def included_pipe(world: World) -> None:
    os.mkfifo(world.root.parent / "pipe")
    with (world.git_dir / "config").open("a") as config:
        config.write(f"[include]\n\tpath = {world.root.parent / 'pipe'}\n")


def pipe_for_a_configuration(world: World) -> None:
    (world.git_dir / "config").unlink()
    os.mkfifo(world.git_dir / "config")


def submodule_elsewhere(world: World) -> None:
    (world.shop / "sub").mkdir()
    (world.shop / "sub/.git").write_text(f"gitdir: {world.secret / '.git'}\n")
    git(world.shop, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")


def nested_repository_elsewhere(world: World) -> None:
    (world.shop / "nested").mkdir()
    (world.shop / "nested/.git").write_text(f"gitdir: {world.secret / '.git'}\n")


def index_that_goes_through_a_link(world: World) -> None:
    (world.shop / "link").symlink_to(world.root.parent)
    (world.git_dir / "index").write_bytes(index_of(b"link/plan.txt"))


def linked_plan(world: World) -> None:
    (world.shop / "plan.txt").unlink()
    (world.shop / "plan.txt").symlink_to(world.root.parent / "plan.txt")


def hook_path(world: World) -> None:
    git(world.shop, "config", "core.hooksPath", str(world.root.parent))


TOLD_WITHOUT = [
    included_pipe, pipe_for_a_configuration, submodule_elsewhere, nested_repository_elsewhere,
    index_that_goes_through_a_link, linked_plan, hook_path,
]  # fmt: skip


@pytest.mark.parametrize("attack", TOLD_WITHOUT)
def test_what_is_outside_is_not_told(world: World, handed: Handed, attack: Callable[[World], None]) -> None:
    attack(world)
    output, prompt = handed()
    commit = git(world.secret, "rev-parse", "HEAD").strip()
    assert OUTSIDE not in prompt + repr(output) and commit not in prompt


def test_variables_of_git_in_the_environment_change_nothing(
    world: World, handed: Handed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (world.shop / "plan.txt").write_text("changed\n")
    for name, value in {
        "GIT_DIR": str(world.secret / ".git"),
        "GIT_COMMON_DIR": str(world.secret / ".git"),
        "GIT_INDEX_FILE": str(world.secret / ".git/index"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(world.secret / ".git/objects"),
        "GIT_EXTERNAL_DIFF": f"touch {tmp_path}/ran",
        "GIT_PAGER": f"touch {tmp_path}/ran",
        "GIT_TRACE": f"{tmp_path}/ran",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "diff.external",
        "GIT_CONFIG_VALUE_0": f"touch {tmp_path}/ran",
    }.items():
        monkeypatch.setenv(name, value)
    output, prompt = handed()
    assert "+changed" in prompt and OUTSIDE not in prompt + repr(output) and not (tmp_path / "ran").exists()


def test_a_git_that_lies_in_the_repository_is_not_run(
    world: World, handed: Handed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = world.shop / "node_modules" / ".bin" / "git"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    handed(untracked="none")
    assert not (tmp_path / "ran").exists()


def work_tree(world: World) -> str:
    git(world.shop, "worktree", "add", "-q", str(world.root / "tree"))
    return "tree"


def submodule(world: World) -> str:
    git(world.root, "clone", "-q", "shop", "other")
    git(
        world.shop,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        str(world.root / "other"),
        "sub",
    )
    return "shop/sub"


def shared_clone(world: World) -> str:
    git(world.root, "clone", "-q", "--shared", "shop", "clone")
    return "clone"


def packed_refs_and_split_index(world: World) -> str:
    git(world.shop, "gc", "-q")
    git(world.shop, "update-index", "--split-index")
    return "shop"


def links_within_the_root(world: World) -> str:
    (world.git_dir / "objects").rename(world.root / "store")
    (world.git_dir / "objects").symlink_to(world.root / "store")
    return "shop"


@pytest.mark.parametrize(
    "make", [work_tree, submodule, shared_clone, packed_refs_and_split_index, links_within_the_root]
)
def test_a_repository_whose_parts_are_all_within_is_told_of(
    world: World, handed: Handed, make: Callable[[World], str]
) -> None:
    folder = make(world)
    (world.root / folder / "plan.txt").write_text("changed\n")
    output, prompt = handed(folder=folder)
    assert "Say inside" in prompt and "-inside\n+changed" in prompt
    assert output.commits == 1 and output.included == ["plan.txt"]


def test_a_change_of_a_submodule_is_named_as_not_told(world: World, handed: Handed) -> None:
    submodule(world)
    output, _ = handed()
    assert [(item.name, item.reason) for item in output.not_included] == [
        ("sub", "submodule: its state is not read")
    ]


def test_commits_that_are_on_no_remote_are_counted(world: World, handed: Handed) -> None:
    git(world.root, "clone", "-q", "shop", "mine")
    git(world.root / "mine", "commit", "-q", "--allow-empty", "-m", "One more")
    output, _ = handed(folder="mine")
    assert (output.unpushed, output.commits, output.branch) == (1, 2, "main")


def test_the_sample_repository_leaves_no_trace_of_having_been_read(world: World, handed: Handed) -> None:
    shop = sample_repository(world.root / "sample")
    before = {path: path.stat().st_mtime_ns for path in shop.rglob("*")}
    handed(folder="sample")
    assert {path: path.stat().st_mtime_ns for path in shop.rglob("*")} == before
