"""Files are written where they belong, and nowhere else."""

from __future__ import annotations

import json
import shutil

import pytest
from support.shell import ROOT, run, spawn

from devin_tools import catalog
from devin_tools.cli import export
from devin_tools.generate import BLOCKS
from devin_tools.hookspecs import Exporter


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    for name in ("pyproject.toml", *BLOCKS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert run("generate").code == 0
    return tmp_path


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


@pytest.mark.parametrize("path", ["../out.txt", "/out.txt", "a/../../out.txt", "", "link/out.txt"])
def test_a_format_cannot_write_outside_the_folder(tmp_path, path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(Exception, match="outside"):
        export._write(folder, "bad", {"good.txt": "x", path: "x"})
    assert [item.name for item in folder.iterdir()] == ["link"]
    assert [item.name for item in tmp_path.iterdir()] == ["in"]


def test_a_format_of_a_plugin_is_offered(monkeypatch, tmp_path):
    class Plugin:
        @catalog.hookspecs.hookimpl
        def devin_tools_provide_exporters(self):
            return [Exporter("names", "The names.", lambda specs: {"a/names.txt": specs[0].name})]

    door = catalog._plugins
    monkeypatch.setattr(catalog, "_plugins", lambda only: [*door(only), ("names", "names", Plugin)])
    assert run("export", "names", "-o", str(tmp_path)).code == 0
    assert (tmp_path / "a" / "names.txt").read_text() == next(iter(catalog.load_catalog(plugins=()))).name


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    ran = run("export", "manifest", "-o", str(tmp_path / "file" / "x"))
    assert ran.code != 0
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") <= 2


def test_check_is_silent_when_all_is_current(checkout):
    ran = spawn("generate", "--check", cwd=checkout)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_check_names_the_stale_file_and_the_cure(checkout):
    index = checkout / "manifests" / "index.json"
    index.write_text("{}\n")
    ran = run("generate", "--check")
    assert (ran.code, ran.out) == (1, "")
    assert "manifests/index.json" in ran.err
    assert "devin-tools generate" in ran.err
    assert index.read_text() == "{}\n"
    assert "manifests/index.json" in run("generate").err
    assert run("generate", "--check").code == 0


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
