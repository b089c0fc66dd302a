"""Names that servers choose become plain names, and no two files one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.filenames import DEVICES, MAX_NAME, another_name, safe_name

HOSTILE = [
    ("../../etc/passwd", "passwd"),
    ("/etc/shadow", "shadow"),
    ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
    ("..", "attachment"),
    (".", "attachment"),
    ("", "attachment"),
    ("a/", "attachment"),
    (".bashrc", "bashrc"),
    ("-rf", "rf"),
    ("CON", "_CON"),
    ("nul.txt", "_nul.txt"),
    ("COM1.tar.gz", "_COM1.tar.gz"),
    ("re\x00port\n.txt", "re_port_.txt"),
    ("\x1b[31mred", "_[31mred"),
    ("\u202egpj.exe", "_gpj.exe"),
    ('a<b>:"c|d?e*.txt', "a_b___c_d_e_.txt"),
    (" report.txt. ", "report.txt"),
    ("e\u0301.txt", "\u00e9.txt"),
    ("report (1).tar.gz", "report (1).tar.gz"),
]


@for_every("name, plain", lambda: HOSTILE)
def test_a_hostile_name_becomes_a_plain_one(name: str, plain: str) -> None:
    assert safe_name(name) == plain


@pytest.mark.parametrize("name", ["x" * 300 + ".txt", "é" * 300 + ".txt", "x." + "y" * 300])
def test_a_long_name_is_shortened_and_keeps_a_short_ending(name: str) -> None:
    plain = safe_name(name)
    assert 100 < len(plain.encode()) <= MAX_NAME
    assert plain.endswith(".txt") is name.endswith(".txt")


@given(st.text())
def test_any_name_becomes_one_that_stays_in_its_folder_and_is_plain_already(name: str) -> None:
    plain = safe_name(name)
    assert plain not in ("", ".", "..") and not set('/\\<>:"|?*') & set(plain)
    assert plain.isprintable() and len(plain.encode()) <= MAX_NAME
    assert not DEVICES.match(plain) and plain[0] not in " .-~" and plain[-1] not in " ."
    assert safe_name(plain) == plain


def test_a_taken_name_gets_a_number() -> None:
    assert another_name("a.txt", {"b.txt"}) == "a.txt"
    assert another_name("A.txt", {"a.txt", "a-2.txt"}) == "A-3.txt"
    assert another_name("plain", {"plain"}) == "plain-2"
