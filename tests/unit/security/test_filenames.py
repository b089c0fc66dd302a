"""Names that servers choose become plain names, and no two files one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every
from support.paths import ROOT

from devin_tools.security.filenames import (
    DEVICES,
    MAX_NAME,
    another_name,
    safe_name,
    why_not_a_folder,
    why_not_plain,
    why_not_saved,
)

HOSTILE = [
    ("../../etc/passwd", "passwd.download"),
    ("/etc/shadow", "shadow.download"),
    ("C:\\Windows\\system32\\cmd.exe", "cmd.exe.download"),
    ("..", "attachment.download"),
    (".", "attachment.download"),
    ("", "attachment.download"),
    ("a/", "attachment.download"),
    (".bashrc", "bashrc.download"),
    ("-rf", "rf.download"),
    ("CON", "_CON.download"),
    ("nul.txt", "_nul.txt"),
    ("COM1.tar.gz", "_COM1.tar.gz"),
    ("re\x00port\n.txt", "re_port_.txt"),
    ("\x1b[31mred", "_[31mred.download"),
    ("\u202egpj.exe", "_gpj.exe.download"),
    ('a<b>:"c|d?e*.txt', "a_b___c_d_e_.txt"),
    (" report.txt. ", "report.txt"),
    ("e\u0301.txt", "\u00e9.txt"),
    ("report (1).tar.gz", "report (1).tar.gz"),
    ("Makefile", "Makefile.download"),
    ("conftest.py", "conftest.py.download"),
    ("package.json", "package.json.download"),
    ("git~1", "_git_1.download"),
    ("-.env", "env.download"),
    ("\uff0eenv", "_\uff0eenv.download"),
]

PICKED_UP = [
    *(
        "conftest.py",
        "setup.py",
        "sitecustomize.py",
        "__init__.py",
        "test_x.py",
        "noxfile.py",
        "x.pth",
        "x.so",
    ),
    *("Makefile", "GNUmakefile", "Dockerfile", "Jenkinsfile", "Rakefile", "Procfile", "WORKSPACE", "BUILD"),
    *("package.json", "PACKAGE.JSON", "package.json ", "package.json.", "package-lock.json", "tsconfig.json"),
    *("tsconfig.build.json", "composer.json", "deno.json", "appsettings.Development.json", "x.tf.json"),
    *(
        "docker-compose.json",
        ".eslintrc.json",
        "jest.config.json",
        "launch.json",
        "mcp.json",
        "manifest.json",
    ),
    *(
        "requirements.txt",
        "requirements-dev.txt",
        "dev-requirements.txt",
        "constraints.txt",
        "CMakeLists.txt",
    ),
    *(
        "entry_points.txt",
        "AGENTS.md",
        "CLAUDE.md",
        "claude.local.md",
        "GEMINI.md",
        "SKILL.md",
        "x.prompt.md",
    ),
    *("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "Cargo.toml", "build.rs", "go.mod", "pom.xml"),
    *(
        "docker-compose.yml",
        "action.yml",
        "x.yaml",
        "build.gradle",
        "nginx.conf",
        "web.config",
        "x.properties",
    ),
    *(
        "x.desktop",
        "autorun.inf",
        "desktop.ini",
        "x.lnk",
        "x.url",
        "x.scf",
        "x.exe",
        "x.dll",
        "x.bat",
        "x.cmd",
    ),
    *(
        "x.ps1",
        "x.vbs",
        "x.js",
        "x.hta",
        "x.reg",
        "x.msi",
        "x.jar",
        "x.sh",
        "x.command",
        "x.app",
        "x.service",
    ),
    *("authorized_keys", "id_rsa", "crontab", "config", "hosts", "post-checkout", "index.html", "x.docm"),
    *("conftest\u200b.py", "\uff30ackage.json", "x.txt\u202eyp.py", "package.json::$DATA", "x.txt:y.exe"),
]
NOT_PLAIN = [
    *(".git", ".GIT", ".Git ", ".git.", ".env", ".envrc", ".bashrc", "...", "..", "\u200b.git", ".g\u200cit"),
    *(
        " .git",
        "\uff0egit",
        "\u2024git",
        "git~1",
        "GIT~1",
        "git~1.",
        "GITHUB~1",
        "SSH~2",
        "git~12",
        "GI7EB~1",
    ),
    *("CON", "con.txt", "nul", "NUL .txt", "aux", "COM1.log", "lpt\u00b9", "PRN ", "", " "),
]
PLAIN = [
    *(
        "report.txt",
        "a b.csv",
        "Screenshot 2026-01-01 at 3.04.05\u202fPM.png",
        "data.json",
        "results.v2.json",
    ),
    *(
        "fix.patch",
        "trace.har",
        "backup~.txt",
        "README.md",
        "notes.md",
        "page.html",
        "console.log",
        "a.tar.gz",
    ),
    *("community.json", "application.json", "conference.txt", "x.py.download", "x.py.txt"),
]


@for_every("name", lambda: PICKED_UP)
def test_nothing_is_saved_under_a_name_that_programs_pick_up_by_themselves(name: str) -> None:
    assert why_not_saved(name)
    assert safe_name(name).endswith(".download") and not why_not_saved(safe_name(name))


@for_every("part", lambda: NOT_PLAIN)
def test_a_hidden_part_is_found_out_however_it_is_spelt(part: str) -> None:
    assert why_not_plain(part) and why_not_a_folder(part)


@for_every(
    "part",
    lambda: ["a:b", "a\\b", "a/b", "a\nb", "a\u200bb", "x.egg-info", "X.Dist-Info", "repo.git", "-rf", "~"],
)
def test_a_folder_that_systems_or_programs_read_otherwise_is_not_saved_into(part: str) -> None:
    assert why_not_a_folder(part)


@for_every("name", lambda: PLAIN)
def test_plain_data_keeps_its_name(name: str) -> None:
    assert why_not_plain(name) is None and why_not_saved(name) is None
    assert safe_name(safe_name(name)) == safe_name(name)
    assert name.isprintable() <= (safe_name(name) == name)


def test_a_stream_within_a_file_is_named_on_windows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not_plain("at 12:30.txt") is None
    monkeypatch.setattr("os.name", "nt")
    assert "stream" in (why_not_plain("x.txt:y") or "")


@for_every("name, plain", lambda: HOSTILE)
def test_a_hostile_name_becomes_a_plain_one(name: str, plain: str) -> None:
    assert safe_name(name) == plain


WIDE = "\uff50\uff41\uff52\uff51\uff55\uff45\uff54"
"""`parquet`, in letters of which each takes three bytes."""

CUT = [
    ("AGENTS .md", "AGENTS.md.download"),
    ("requirements .txt", "requirements.txt.download"),
    ("package . .json", "package.json.download"),
    ("con" + " " * 200 + "x.txt", "_con.txt"),
    ("git~1 .txt", "_git_1.txt"),
    ("x" * 195 + ".pth." + WIDE, "x" * 191 + ".download"),
    ("x" * 195 + ".pth.txt" + "\uff0e" * 30, "x" * 191 + ".download"),
    ("x" * 197 + "\uff0etxt", "x" * 191 + ".download"),
    ("x" * 183 + "-requirementszzzz.txt", "x" * 183 + "-require.download"),
    ("x." + WIDE, "x." + WIDE),
]


@for_every("name, plain", lambda: CUT)
def test_a_name_is_held_to_what_it_is_after_it_was_cut(name: str, plain: str) -> None:
    assert safe_name(name) == safe_name(plain) == plain
    assert why_not_plain(plain) is None and why_not_saved(plain) is None and len(plain.encode()) <= MAX_NAME


@for_every("name", lambda: [name for name, plain in CUT if plain.endswith(".download")])
def test_nothing_is_saved_under_a_name_that_becomes_one_of_a_program_when_it_is_cut(name: str) -> None:
    assert why_not_saved(name)


ODD_PARTS = [
    " ",
    ".",
    "~1",
    "-",
    "git",
    "con",
    "requirements",
    "AGENTS",
    "package",
    "index",
    "x" * 180,
    "y" * 9,
]
ODD_PARTS += [".txt", ".md", ".json", ".pth", ".html", "." + WIDE, "\uff0e", "\u3000"]


@given(st.lists(st.sampled_from(ODD_PARTS), max_size=8).map("".join))
def test_whatever_parts_a_name_is_made_of_it_is_plain_at_once(name: str) -> None:
    plain = safe_name(name)
    assert safe_name(plain) == plain and why_not_plain(plain) is None and why_not_saved(plain) is None
    assert len(plain.encode()) <= MAX_NAME


@pytest.mark.parametrize("name", ["x" * 300 + ".txt", "é" * 300 + ".txt", "x." + "y" * 300])
def test_a_long_name_is_shortened_and_keeps_a_short_ending(name: str) -> None:
    plain = safe_name(name)
    assert 100 < len(plain.encode()) <= MAX_NAME
    assert plain.endswith(".txt" if name.endswith(".txt") else ".download")


@given(st.text())
def test_any_name_becomes_one_that_stays_in_its_folder_and_is_plain_already(name: str) -> None:
    plain = safe_name(name)
    assert plain not in ("", ".", "..") and not set('/\\<>:"|?*') & set(plain)
    assert plain.isprintable() and len(plain.encode()) <= MAX_NAME
    assert not DEVICES.match(plain) and plain[0] not in " .-~" and plain[-1] not in " ."
    assert safe_name(plain) == plain
    assert why_not_saved(plain) is None


def test_a_name_whose_cut_makes_another_ending_is_plain_at_once() -> None:
    plain = safe_name("x" * (MAX_NAME - 10) + ".txt .json" + "y" * 30)
    assert plain == safe_name(plain) and plain.endswith("x.txt.json")


def test_a_taken_name_gets_a_number() -> None:
    assert another_name("a.txt", {"b.txt"}) == "a.txt"
    assert another_name("A.txt", {"a.txt", "a-2.txt"}) == "A-3.txt"
    assert another_name("plain", {"plain"}) == "plain-2"


def test_the_page_says_which_names_are_saved_as_they_are() -> None:
    page = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    rule = " ".join(page.partition("**Names.**")[2].partition("\n\n")[0].split())
    data, known, other = re.findall(r"\(([^()]*)\)|configuration: ([^.]*(?:\.\w+`[^.]*)*)", rule)[:3]
    for names, is_saved in ((data[0], True), (known[0], False), (other[1], False)):
        assert "`" in names
        for name in re.findall("`([^`]+)`", names):
            full = f"x{name}" if is_saved else name
            assert (why_not_saved(full) is None) is is_saved, name
