"""A file that is sent or saved is opened after it was looked at, and is still the same."""

from __future__ import annotations

import errno
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.laws import for_every

from devin_tools.errors import FileFault, FileTaken
from devin_tools.local import files
from devin_tools.local.files import DownloadTarget, UploadFile
from devin_tools.settings import Settings
from devin_tools.wire import Download

NO_ONE = lambda done, of: None  # noqa: E731


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "f.txt").write_text("secret")
    (tmp_path / "root" / "d").mkdir(parents=True)
    (tmp_path / "root" / "d" / "f.txt").write_text("fine")
    return tmp_path / "root"


def landing(
    root: Path, name: str = "f.txt", folder: str = ".", overwrite: bool = False, **more: Any
) -> DownloadTarget:
    step = Download("GET", "/x", name=name, folder=folder, max_bytes=99, overwrite=overwrite)
    return DownloadTarget(step, Settings(file_root=str(root), **more), NO_ONE)


def saved(root: Path, **more: Any) -> str:
    with landing(root, **more) as down:
        down.write(b"new")
        return str(Path(down.finish()["path"]).relative_to(root.resolve()))


def file_to_link(root: Path) -> None:
    (root / "d" / "f.txt").unlink()
    (root / "d" / "f.txt").symlink_to(root.parent / "outside" / "f.txt")


def folder_to_link(root: Path) -> None:
    (root / "d").rename(root / "e")
    (root / "d").symlink_to(root.parent / "outside")


@pytest.mark.parametrize("swap", [file_to_link, folder_to_link])
def test_a_link_that_is_put_in_place_after_the_look_is_not_sent(
    root: Path, swap: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = files.inside

    def looked(allowed: str, path: str) -> Path:
        real = look(allowed, path)
        swap(root)
        return real

    monkeypatch.setattr(files, "inside", looked)
    with pytest.raises(FileFault, match="no plain file"):
        UploadFile(str(root), "d/f.txt", NO_ONE)


def test_a_link_that_stays_within_the_root_is_sent_as_what_it_leads_to(root: Path) -> None:
    (root / "link.txt").symlink_to("d/f.txt")
    (root / ".hidden").write_text("k=v")
    (root / "shown.txt").symlink_to(".hidden")
    with UploadFile(str(root), "link.txt", NO_ONE) as file:
        assert (file.name, file.read()) == ("f.txt", b"fine")
    with pytest.raises(FileFault, match="hidden"):
        UploadFile(str(root), "shown.txt", NO_ONE)


@for_every(
    "path", lambda: [".git/config", "a/.GIT/x", ".env", "git~1/config", "\u200b.git/config", "con/x.txt"]
)
def test_nothing_hidden_is_sent_however_it_is_spelt(root: Path, path: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("k=v")
    with pytest.raises(FileFault, match="A part of the path to send"):
        UploadFile(str(root), path, NO_ONE)


def test_a_pipe_is_not_waited_on(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(FileFault, match="no plain file"):
        UploadFile(str(root), "pipe", NO_ONE)


@pytest.mark.parametrize(
    ("number", "says"), [(errno.EACCES, "cannot be read: Permission denied"), (errno.ENXIO, "no plain file")]
)
def test_a_file_that_the_system_does_not_open_is_told_in_its_words(
    root: Path, number: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, "open_plain", fails)
    with pytest.raises(FileFault, match=says) as caught:
        UploadFile(str(root), "d/f.txt", NO_ONE)
    assert str(root) not in str(caught.value)


@pytest.mark.parametrize("times", [0, 1], ids=["nor kept", "nor looked for"])
def test_a_folder_that_takes_no_file_is_told_and_not_left_open(
    root: Path, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    closed: list[str] = []
    close = files.Folder.close
    monkeypatch.setattr(files.Folder, ("open", "has")[times], fails)
    monkeypatch.setattr(
        files.Folder, "close", lambda folder: (closed.append(folder.path.name), close(folder))
    )
    with pytest.raises(FileFault, match="folder cannot be written to: Read-only file system"):
        with landing(root):
            pass
    assert closed == ["devin-downloads"] and os.listdir(root / "devin-downloads") == []


class FullDisk(io.RawIOBase):
    """A file on a disk that has no room."""

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("buffer", [1, 99], ids=["at a write", "at the end"])
def test_a_full_disk_is_told_and_nothing_is_left_behind(
    root: Path, buffer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(number: int, mode: str) -> io.BufferedWriter:
        os.close(number)
        return io.BufferedWriter(FullDisk(), buffer)

    monkeypatch.setattr(os, "fdopen", opened)
    with pytest.raises(FileFault, match="cannot be written: No space left on device"):
        saved(root)
    assert os.listdir(root / "devin-downloads") == []


def test_a_name_that_was_taken_for_a_file_is_free_again_when_the_file_cannot_get_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*names: Any, **more: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(FileFault, match="cannot be written: No space left on device"):
        saved(root)
    assert os.listdir(root / "devin-downloads") == []
    (root / "devin-downloads" / "f.txt").write_text("mine")
    with pytest.raises(FileFault):
        saved(root, overwrite=True)
    assert os.listdir(root / "devin-downloads") == ["f.txt"]


DAY = 86_400.0
PART = ".devin-tools-0123456789abcdef.part"
LEFT = [
    (PART, DAY + 60, False),
    (PART, DAY - 60, True),  # it may be written yet
    (PART, -DAY, True),
    (PART.upper(), 2 * DAY, True),
    (PART + "x", 2 * DAY, True),
    ("x" + PART, 2 * DAY, True),
    (".devin-tools-.part", 2 * DAY, True),
    ("report.part", 2 * DAY, True),
]


@for_every("name, age, stays", lambda: LEFT)
def test_what_a_killed_download_left_is_gone_after_a_day_and_nothing_else(
    root: Path, name: str, age: float, stays: bool
) -> None:
    for folder in (root, root / "devin-downloads"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("half")
        os.utime(folder / name, (time.time() - age,) * 2)
    saved(root, overwrite=True)
    assert (root / name).exists() and (root / "devin-downloads" / name).exists() is stays
    (root / "devin-downloads" / name).unlink(missing_ok=True)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to(path.parent)])
def test_what_is_no_file_is_not_swept_and_keeps_no_download_from_its_folder(root: Path, make: Any) -> None:
    into = root / "devin-downloads"
    into.mkdir(exist_ok=True)
    make(into / PART)
    os.utime(into / PART, (0, 0), follow_symlinks=False)
    assert saved(root, overwrite=True) == "devin-downloads/f.txt"
    assert os.path.lexists(into / PART)


def test_a_file_is_saved_into_the_folder_of_downloads_and_no_other(root: Path) -> None:
    assert saved(root) == "devin-downloads/f.txt"
    assert saved(root, folder="./a/b") == "devin-downloads/a/b/f.txt"
    assert saved(root, download_folder=".own/in") == ".own/in/f.txt"  # a person may name a hidden one
    assert saved(root, download_folder=".") == "f.txt"
    assert saved(root, download_folder="", name="g.txt") == "g.txt"
    assert saved(root, download_folder=str(root.resolve() / "abs")) == "abs/f.txt"


OUTSIDE = ["..", "../outside", "/tmp", "a/..", "a\0b", "/"]


@for_every("folder", lambda: OUTSIDE)
def test_no_folder_leads_out_of_the_one_for_downloads(root: Path, folder: str) -> None:
    with pytest.raises(FileFault, match="DEVIN_DOWNLOAD_FOLDER"):
        landing(root, folder=folder)
    with pytest.raises(FileFault, match="DEVIN_DOWNLOAD_FOLDER"):
        landing(root, download_folder=folder if folder != "/" else "/etc")


@pytest.mark.parametrize("place", ["devin-downloads", "devin-downloads/a"])
@pytest.mark.parametrize("kind", ["link out", "link within", "pipe", "file"])
def test_nothing_is_saved_through_what_is_no_folder(root: Path, place: str, kind: str) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    if kind == "pipe":
        os.mkfifo(root / place)
    elif kind == "file":
        (root / place).write_text("")
    else:
        (root / place).symlink_to(root.parent / "outside" if kind == "link out" else root / "d")
    with pytest.raises(FileFault, match="link, or not a folder"), landing(root, folder="a"):
        pass
    assert os.listdir(root.parent / "outside") == os.listdir(root / "d") == ["f.txt"]


@pytest.mark.parametrize("kind", ["file", "link", "broken link", "pipe", "folder"])
def test_whatever_has_the_name_is_left_alone(root: Path, kind: str) -> None:
    at = root / "devin-downloads" / "f.txt"
    at.parent.mkdir()
    makers: dict[str, Callable[[], Any]] = {
        "file": lambda: at.write_text("mine"),
        "link": lambda: at.symlink_to(root / "d" / "f.txt"),
        "broken link": lambda: at.symlink_to("nowhere"),
        "pipe": lambda: os.mkfifo(at),
        "folder": at.mkdir,
    }
    makers[kind]()
    with pytest.raises(FileTaken), landing(root):
        pass
    assert os.listdir(at.parent) == ["f.txt"] and (root / "d" / "f.txt").read_text() == "fine"


def test_a_folder_is_not_replaced_though_files_may_be(root: Path) -> None:
    (root / "devin-downloads" / "f.txt").mkdir(parents=True)
    with pytest.raises(FileFault, match="cannot be written"):
        saved(root, file_overwrite=True)
    assert os.listdir(root / "devin-downloads") == ["f.txt"]


@for_every(
    "name", lambda: ["conftest.py", ".git", "a/.env", "Makefile", "git~1", "x.txt:y.exe", "requirements.txt"]
)
def test_a_step_of_any_tool_is_held_to_the_names_that_may_be_saved(root: Path, name: str) -> None:
    for allowed in (False, True):
        with pytest.raises(FileFault, match="Nothing is saved under this name"):
            landing(root, name=name, overwrite=allowed, file_overwrite=allowed)
