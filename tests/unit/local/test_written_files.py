"""Lines are added once, whole, and only where the file ends as their writer thinks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from devin_tools import Settings
from devin_tools.errors import FileFault, FileTaken
from devin_tools.flow import AppendLines, LastLines, ReadLastLines, SaveText
from devin_tools.local import written_files
from devin_tools.local.written_files import BLOCK, append_lines, perform, read_last_lines, save_text


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(file_root=str(tmp_path), download_folder="got")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "got").mkdir()
    return tmp_path / "got" / "log.jsonl"


def last(settings: Settings, before: int | None = None) -> LastLines:
    return read_last_lines(ReadLastLines(".", "log.jsonl", before), settings)


def add(settings: Settings, text: str, at: int) -> int:
    return append_lines(AppendLines(".", "log.jsonl", text, at), settings)


def test_what_is_not_there_has_no_lines_and_is_not_made(settings: Settings, file: Path) -> None:
    assert last(settings) == LastLines(str(file), (), 0, 0)
    assert not file.exists()


def test_lines_are_added_and_read_back(settings: Settings, file: Path) -> None:
    end = add(settings, "a\nb\n", 0)
    assert add(settings, "c\n", end) == 6
    assert last(settings) == LastLines(str(file), ("a", "b", "c"), 0, 6)
    file.write_bytes(b"a\nb\nunfin")
    assert last(settings) == LastLines(str(file), ("a", "b"), 0, 4, "unfin")


def test_a_long_file_is_read_back_in_parts_of_whole_lines(settings: Settings, file: Path) -> None:
    lines = [f"{number:06}" + "x" * (number % 97) for number in range(20_000)]
    lines.insert(15_000, "y" * 2 * BLOCK)
    file.write_text("".join(f"{line}\n" for line in lines))
    found: list[str] = []
    before, reads = None, 0
    while before != 0:
        part = last(settings, before)
        found[:0] = part.lines
        before, reads = part.start, reads + 1
    assert found == lines and reads > 4


@pytest.mark.parametrize("there", ["", "c", "c\nd", "c\nd\n"])
def test_a_step_can_be_repeated_however_far_it_came(settings: Settings, file: Path, there: str) -> None:
    file.write_text("a\n" + there)
    assert add(settings, "c\nd\n", 2) == 6
    assert file.read_text() == "a\nc\nd\n"


@pytest.mark.parametrize("there", ["a\nz\n", "a\nc\nz\n", "a\nc\nd\ne\n", "", "a"])
def test_where_somebody_else_has_written_nothing_is(settings: Settings, file: Path, there: str) -> None:
    file.write_text(there)
    with pytest.raises(FileFault, match="meanwhile"):
        add(settings, "c\nd\n", 2)
    assert file.read_text() == there


def test_a_line_that_was_never_finished_gives_way(settings: Settings, file: Path) -> None:
    file.write_bytes(b"a\nunfinished" + b"\0" * 50)
    assert add(settings, "c\n", 2) == 4
    assert file.read_text() == "a\nc\n"


def test_lines_are_on_the_disk_before_anybody_hears_of_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(written_files.os, "fsync", lambda number: synced.append(os.fstat(number).st_size))
    assert add(settings, "a\n", 0) == 2
    assert synced[-1] == 2


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_only_a_plain_file_is_read_or_written(settings: Settings, file: Path, kind: str) -> None:
    if kind == "link":
        (file.parent.parent / "elsewhere").write_text("a\n")
        file.symlink_to(file.parent.parent / "elsewhere")
    elif kind == "folder":
        file.mkdir()
    else:
        os.mkfifo(file)
    with pytest.raises(FileFault):
        last(settings)
    with pytest.raises(FileFault):
        add(settings, "b\n", 0)


@pytest.mark.parametrize("name", [".bashrc", "conftest.py", "settings.json", "x.sh"])
def test_no_name_that_a_program_picks_up_is_written(settings: Settings, file: Path, name: str) -> None:
    steps: list[Any] = [AppendLines(".", name, "a\n", 0), SaveText(".", name, "a"), ReadLastLines(".", name)]
    for step in steps:
        with pytest.raises(FileFault):
            perform(step, settings)
    assert list(file.parent.iterdir()) == []


def test_a_text_is_saved_whole_and_replaces_what_a_person_says(settings: Settings, file: Path) -> None:
    path = save_text(SaveText("a", "x.svg", "<svg/>"), settings)
    assert Path(path) == file.parent / "a" / "x.svg"
    with pytest.raises(FileTaken):
        save_text(SaveText("a", "x.svg", "other"), settings)
    assert Path(path).read_text() == "<svg/>"
    save_text(SaveText("a", "x.svg", "other", overwrite=True), settings)
    assert Path(path).read_text() == "other"
