"""A secret is kept in a new file that is its owner's alone, where no model sends files from."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from devin_tools.errors import FileFault, FileTaken
from devin_tools.flow import KeepSecret
from devin_tools.local.kept_secrets import keep_secret

SECRET = "CANARY-of-a-key"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "keys").mkdir()
    return tmp_path / "files"


def reserve(root: Path, path: Any) -> str:
    return keep_secret(KeepSecret(str(path), "reserve"), str(root))


def write(root: Path, path: Any) -> str:
    return keep_secret(KeepSecret(str(path), "write", SecretStr(SECRET)), str(root))


def test_a_secret_is_written_into_the_file_that_was_made_for_it(root: Path) -> None:
    before = os.umask(0)
    try:
        path = reserve(root, "../keys/.ci")
    finally:
        os.umask(before)
    assert write(root, "../keys/.ci") == path == str(root.parent.resolve() / "keys" / ".ci")
    assert Path(path).read_text() == f"{SECRET}\n" and stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert SECRET not in repr(KeepSecret(path, "write", SecretStr(SECRET)))


def test_nothing_is_overwritten(root: Path) -> None:
    there = root.parent / "keys" / "ci"
    there.write_text("another")
    (root.parent / "keys" / "broken").symlink_to("nowhere")
    for path in (there, root.parent / "keys" / "broken"):
        with pytest.raises(FileTaken):
            reserve(root, path)
    keep_secret(KeepSecret(str(there), "release"), str(root))
    with pytest.raises(FileFault, match="not the one that was made"):
        write(root, there)
    assert there.read_text() == "another"


def test_a_file_that_was_given_up_is_gone_while_it_is_empty(root: Path) -> None:
    path = Path(reserve(root, "../keys/ci"))
    keep_secret(KeepSecret("../keys/ci", "release"), str(root))
    assert not path.exists()
    with pytest.raises(FileFault):
        write(root, path)


@pytest.mark.parametrize(
    "path",
    ["key", "sub/key", "../files/key", "../link/key", "../nowhere/key", "../keys/", "../keys/..", "../k\0"],
)
def test_a_place_that_models_reach_or_that_is_none_is_refused(root: Path, path: str) -> None:
    (root / "sub").mkdir()
    (root.parent / "link").symlink_to(root)
    with pytest.raises(FileFault):
        reserve(root, path)
    assert [one.name for one in root.iterdir()] == ["sub"]


def test_a_file_that_others_may_read_or_have_put_there_is_not_filled(root: Path) -> None:
    path = Path(reserve(root, "../keys/ci"))
    path.chmod(0o644)
    with pytest.raises(FileFault, match="not the one"):
        write(root, path)
    path.chmod(0o600)
    os.link(path, root / "second")
    with pytest.raises(FileFault, match="not the one"):
        write(root, path)
    path.unlink()
    path.symlink_to(root / "second")
    with pytest.raises(FileFault):
        write(root, path)
    assert (root / "second").read_text() == ""


def test_a_folder_in_which_everybody_may_replace_files_is_refused(root: Path) -> None:
    folder = root.parent / "keys"
    folder.chmod(0o777)
    with pytest.raises(FileFault, match="Anybody"):
        reserve(root, folder / "ci")
    folder.chmod(0o1777)  # as that for temporary files is
    reserve(root, folder / "ci")
