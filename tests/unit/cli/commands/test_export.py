"""Files are written where they belong, and nowhere else."""

from __future__ import annotations

import json

import pytest
from support.shell import run
from support.strangers import add_plugin
from support.tools import tools

from devin_tools import hookimpl
from devin_tools.cli.exit_codes import EXIT_CODES
from devin_tools.hookspecs import Exporter


def test_export_lists_the_formats():
    assert "manifest" in [item["name"] for item in run("export").json]


def test_export_writes_every_manifest(tmp_path):
    ran = run("export", "manifest", "-o", str(tmp_path / "new" / "folder"))
    assert (ran.code, ran.out) == (0, "")
    assert "written: " in ran.err
    index = json.loads((tmp_path / "new" / "folder" / "index.json").read_text())
    assert all((tmp_path / "new" / "folder" / tool["file"]).is_file() for tool in index["tools"])


@pytest.mark.parametrize("words", [["pdf", "-o", "x"], ["manifest"]])
def test_export_says_what_it_lacks(words):
    ran = run("export", *words)
    assert ran.code == 2
    assert "manifest" in ran.err


class Writer:
    """A plugin with a format that writes files of fixed names."""

    def __init__(self, *paths):
        self.paths = paths

    @hookimpl
    def devin_tools_provide_exporters(self):
        return [Exporter("names", "The names.", lambda specs: dict.fromkeys(self.paths, specs[0].name))]


@pytest.mark.usefixtures("own_catalog")
@pytest.mark.parametrize("path", ["../out.txt", "/out.txt", "a/../../out.txt", "", "link/out.txt"])
def test_a_format_cannot_write_outside_the_folder(monkeypatch, tmp_path, path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    add_plugin(monkeypatch, "names", lambda: Writer("good.txt", path))
    ran = run("export", "names", "-o", str(folder))
    assert (ran.code, ran.out) == (EXIT_CODES["plugin"], "")
    assert "outside" in ran.err
    assert [item.name for item in folder.iterdir()] == ["link"]
    assert [item.name for item in tmp_path.iterdir()] == ["in"]


@pytest.mark.usefixtures("own_catalog")
def test_a_format_of_a_plugin_is_offered(monkeypatch, tmp_path):
    add_plugin(monkeypatch, "names", lambda: Writer("a/names.txt"))
    assert run("export", "names", "-o", str(tmp_path)).code == 0
    assert (tmp_path / "a" / "names.txt").read_text() == tools()[0].name


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    ran = run("export", "manifest", "-o", str(tmp_path / "file" / "x"))
    assert ran.code != 0
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") <= 2


def test_elsewhere_generate_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("generate")
    assert ran.code == 2
    assert "checkout" in ran.err


def test_the_folder_of_files_holds_in_a_simulation_too(tmp_path, monkeypatch):
    """The API is simulated there; the disk is not."""
    allowed, here = tmp_path / "allowed", tmp_path / "here"
    for folder in (allowed, here):
        folder.mkdir()
        (folder / "note.txt").write_text("A note.")
    monkeypatch.chdir(here)
    monkeypatch.setenv("DEVIN_FILE_ROOT", str(allowed))
    upload = "--simulate", "call", "devin_upload_attachment"
    assert run(*upload, "--path", str(allowed / "note.txt")).json["name"] == "note.txt"
    refused = run(*upload, "--path", str(here / "note.txt"))
    assert (refused.code, refused.out) == (15, "")
    assert "outside the folder" in refused.err


def test_a_format_of_one_file_is_printed_where_no_folder_is_named():
    for words in (["openai-chat"], ["openai-chat", "-o", "-"]):
        ran = run("export", *words, "--tools", "devin_get_*")
        assert ran.code == 0
        assert {tool["type"] for tool in json.loads(ran.out)} == {"function"}
        assert "not printed: openai-chat.strict.json" in ran.err
    ran = run("export", "mcp", "--tools", "devin_get_self")
    assert (ran.code, len(json.loads(ran.out))) == (0, 1)
    assert "not printed: mcp.full.json" in ran.err
    ran = run("export", "openapi", "--tools", "devin_get_self")
    assert (ran.code, ran.err, json.loads(ran.out)["openapi"][:2]) == (0, "", "3.")


def test_a_format_of_many_files_says_that_it_needs_a_folder():
    ran = run("export", "n8n")
    assert (ran.code, ran.out) == (2, "")
    assert "devin-tools export n8n -o DIR" in ran.err


def test_a_model_may_be_shown_some_tools_and_find_the_others():
    ran = run("export", "anthropic", "--preset", "operate", "--loaded", "core", "--search", "regex")
    assert (ran.code, ran.err) == (0, "")
    first, *tools = json.loads(ran.out)
    assert first["type"] == "tool_search_tool_regex_20251119"
    assert {tool.get("defer_loading") for tool in tools} == {None, True}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["mcp", "--loaded", "core"], "openai-responses"),
        (["anthropic", "--search", "bm25"], "--loaded core"),
        (["anthropic", "--loaded", "core", "--search", "vectors"], "bm25"),
        (["bedrock", "--loaded", "core", "--search", "bm25"], "own"),
        (["anthropic", "--loaded", "devin_nope"], "devin_nope"),
    ],
)
def test_what_a_format_cannot_defer_is_one_line(words, says):
    ran = run("export", *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err and "Traceback" not in ran.err
