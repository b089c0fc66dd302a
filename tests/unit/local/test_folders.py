"""What was checked is what is opened: links, pipes and whatever else others put in its place are not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.laws import for_every

from devin_tools.errors import FileFault
from devin_tools.local import folders
from devin_tools.local.folders import CREATE_FILE, Folder, inside, open_plain, real_root


@pytest.fixture(params=["by descriptor", "by path"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an allowed folder with a secret beside it, on both kinds of system."""
    if request.param == "by path":
        monkeypatch.setattr(folders, "HAS_DIR_FD", False)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "f.txt").write_text("secret")
    allowed = tmp_path / "root"
    (allowed / "d").mkdir(parents=True)
    (allowed / "d" / "f.txt").write_text("fine")
    return allowed.resolve()


def number_of_open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def read(root: Path, *parts: str) -> str:
    with open_plain(root, root.joinpath(*parts)) as file:
        return file.read().decode()


def test_a_plain_file_is_read(root: Path) -> None:
    assert read(root, "d", "f.txt") == "fine"


def link_of_file(root: Path) -> None:
    (root / "d" / "f.txt").unlink()
    (root / "d" / "f.txt").symlink_to(root.parent / "outside" / "f.txt")


def link_of_folder(root: Path) -> None:
    (root / "d").rename(root / "e")
    (root / "d").symlink_to(root.parent / "outside")


def link_within(root: Path) -> None:
    (root / "d").rename(root / "e")
    (root / "d").symlink_to(root / "e")


def pipe(root: Path) -> None:
    (root / "d" / "f.txt").unlink()
    os.mkfifo(root / "d" / "f.txt")


def folder(root: Path) -> None:
    (root / "d" / "f.txt").unlink()
    (root / "d" / "f.txt").mkdir()


def nothing(root: Path) -> None:
    (root / "d" / "f.txt").unlink()


SWAPS = [link_of_file, link_of_folder, link_within, pipe, folder, nothing]


@pytest.mark.parametrize("swap", SWAPS)
def test_whatever_is_put_in_the_place_of_a_file_is_not_read(root: Path, swap: Callable[[Path], None]) -> None:
    swap(root)
    before = number_of_open_files()
    with pytest.raises(OSError):
        read(root, "d", "f.txt")
    assert number_of_open_files() == before


def test_a_device_is_not_read(root: Path) -> None:
    with pytest.raises(OSError):
        read(Path("/").resolve(), "dev", "zero")
    with pytest.raises(OSError):
        read(root)


@pytest.mark.parametrize("swap", [link_of_folder, link_within])
def test_no_folder_is_made_or_entered_through_a_link(root: Path, swap: Callable[[Path], None]) -> None:
    swap(root)
    before = number_of_open_files()
    with pytest.raises(OSError):
        Folder(root, ["d", "new"], make=True)
    assert number_of_open_files() == before
    assert os.listdir(root.parent / "outside") == ["f.txt"] and os.listdir(root / "e") == ["f.txt"]


def test_folders_are_made_on_the_way(root: Path) -> None:
    for _ in range(2):
        with Folder(root, ["a", "b", "c"], make=True) as made:
            assert made.path == root / "a" / "b" / "c" and made.path.is_dir()


def test_a_file_is_made_once_renamed_and_removed(root: Path) -> None:
    with Folder(root, ["d"]) as at:
        os.close(at.open("x", CREATE_FILE))
        with pytest.raises(FileExistsError):
            at.open("x", CREATE_FILE)
        (root / "d" / "broken").symlink_to("nowhere")
        assert at.has("x") and at.has("broken") and not at.has("y")
        at.rename("x", "y")
        assert at.has("y") and not at.has("x")
        at.remove("y")
        at.remove("y")
        assert not at.has("y")
        with pytest.raises(OSError):
            at.open("broken", CREATE_FILE)
    assert not (root / "d" / "nowhere").exists()


def test_a_link_that_is_put_in_place_while_a_file_is_opened_by_its_path_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is looked up within an open folder, the path is looked at again once it is open."""
    monkeypatch.setattr(folders, "HAS_DIR_FD", False)
    root = tmp_path.resolve()
    (root / "secret.txt").write_text("secret")
    (root / "f.txt").symlink_to(root / "secret.txt")
    monkeypatch.setattr(folders, "OPEN_FILE", os.O_RDONLY)  # as on Windows, where links are followed
    before = number_of_open_files()
    with pytest.raises(OSError, match="symbolic links"):
        read(root, "f.txt")
    assert number_of_open_files() == before


PATHS = [
    *(
        "..",
        "../outside/f.txt",
        "d/../../outside/f.txt",
        "/etc/passwd",
        "link/f.txt",
        "/proc/self/cwd/f.txt",
    ),
    *("d\0", "loop/x"),
]


@for_every("path", lambda: PATHS)
def test_no_path_leads_out_of_the_root(root: Path, path: str) -> None:
    for name, to in (("link", root.parent / "outside"), ("loop", root / "loop")):
        if not os.path.lexists(root / name):
            (root / name).symlink_to(to)
    if path == "loop/x":  # where it leads is nowhere, and that is found out when it is opened
        with pytest.raises((FileFault, OSError)):
            read(root, str(inside(str(root), path).relative_to(root)))
    else:
        with pytest.raises(FileFault):
            inside(str(root), path)


@for_every("name", lambda: ["none", "a\0b"])
def test_a_root_that_is_not_there_is_an_error_that_says_so(name: str) -> None:
    with pytest.raises(FileFault, match="folder for files does not exist"):
        real_root(name)
