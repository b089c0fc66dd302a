"""An access token comes from a file or else the environment, and is refused where it is weak or a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.laws import for_every

from devin_tools.errors import MissingSetting
from devin_tools.security.access_token import load_token

VARIABLE, TOKEN = "SOME_TOKEN", "a-token-of-the-tests-0123456789"


def test_a_file_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert load_token(VARIABLE, None) is None
    monkeypatch.setenv(VARIABLE, f" {TOKEN}\n")
    assert load_token(VARIABLE, None) == TOKEN
    file = tmp_path / "token"
    file.write_text("another-token-0123456789\n", encoding="utf-8")
    assert load_token(VARIABLE, file) == "another-token-0123456789"


@for_every("text", lambda: ["CANARY", "CANARY is it", "é" * 20, "cog_CANARY_0123456789", "CANARY" * 100])
def test_a_weak_one_or_a_key_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MissingSetting, match=r"16 to 512|is a Devin key") as refused:
        load_token(VARIABLE, file)
    assert "CANARY" not in str(refused.value.as_dict())


def test_a_file_that_is_empty_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n", encoding="utf-8")
    for name in ("token", "nothing_here"):
        with pytest.raises(MissingSetting):
            load_token(VARIABLE, tmp_path / name)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_windows_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "token").write_bytes(f"{TOKEN}\r\n".encode(encoding))
    assert load_token(VARIABLE, tmp_path / "token") == TOKEN
