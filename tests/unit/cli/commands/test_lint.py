"""`devin-tools lint`: one line for each finding, JSON on request, an exit code for CI, never a traceback.

What it says of all our own tools is in tests/process/lint/test_own.py.
"""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from support.paths import DATA, ROOT
from support.tools import built_in, each_kind

from devin_tools import Catalog
from devin_tools.cli import cli, input_files
from devin_tools.cli.options import Options

FIXTURES = DATA / "lint_lists"
OF_OURS = [part for rule in ("TOOL_COUNT", "TOKEN_BUDGET", "OUTPUT_BUDGET") for part in ("--ignore", rule)]
"""Of the whole pack: who offers it chooses from it."""
GOOD = {
    "name": "get_thing",
    "title": "Get thing",
    "description": "Get a thing.",
    "inputSchema": {"type": "object", "properties": {}},
    "annotations": dict.fromkeys(
        ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"), False
    ),
}


def run(*words: str, stdin: bytes | str = "") -> tuple[int, str, str]:
    got = CliRunner().invoke(cli, ["lint", *words], input=stdin)
    assert "Traceback" not in got.output
    return got.exit_code, got.stdout, got.stderr


def test_each_finding_is_one_line_and_errors_are_exit_code_one():
    path = str(FIXTURES / "appstoreconnect.json")
    code, out, err = run(path)
    assert code == 1
    lines = out.splitlines()
    assert lines[0].startswith(
        f'error PROP_KEYS {path}:$.tools[0].inputSchema.properties["filter[bundleId]"] (list-apps, mcp): '
    )
    assert " Mend: use letters, digits and _" in lines[0]
    assert [line.split()[0] for line in lines].count("error") == 4
    assert err == "checked: 2 tools: 4 errors, 2 warnings\n"


def test_warnings_alone_are_exit_code_zero():
    code, out, err = run("-", stdin=json.dumps({"tools": [GOOD | {"annotations": {}}]}))
    assert code == 0
    assert out.startswith("warning ANNOTATIONS_COMPLETE $.tools[0].annotations (get_thing, mcp): ")
    assert "0 errors, 1 warnings" in err


@pytest.fixture
def few_installed(monkeypatch):
    """Let a few tools be installed, which have between them most of what a tool can have."""
    specs = {spec.name: spec for spec in each_kind()[:7]}
    monkeypatch.setattr(Options, "catalog", Catalog(specs=specs, exporters=built_in().exporters))


@pytest.mark.usefixtures("few_installed")
def test_our_own_tools_pass_without_a_path():
    code, out, err = run(*OF_OURS)
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"note"}
    assert "0 errors, 0 warnings" in err


@pytest.mark.usefixtures("few_installed")
@pytest.mark.parametrize(("provider", "code"), [("all", 0), ("mcp", 0), ("openai-strict", 1)])
def test_our_own_tools_pass_for_what_they_are_exported_to_and_plain_exports_are_not_strict(provider, code):
    assert run("--provider", provider)[0] == code


def test_a_folder_names_what_it_skips(tmp_path):
    (tmp_path / "tools.json").write_text(json.dumps([GOOD]), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"version": "1"}', encoding="utf-8")
    (tmp_path / "readme.md").write_text("# no JSON", encoding="utf-8")
    code, _, err = run(str(tmp_path))
    assert code == 0
    assert f"skipped: {tmp_path}/package.json is not a list of tools" in err
    assert "readme" not in err


def test_json_has_findings_counts_and_aliases_back_to_the_names():
    code, out, err = run(str(FIXTURES / "long_names.json"), "--json", "--prefix", "mcp__tooluniverse__")
    report = json.loads(out)
    assert (code, err) == (1, "")
    assert report["tools"] == 2
    assert report["counts"] == {"error": 1, "warning": 3, "note": 1}
    first = report["findings"][0]
    assert (first["rule"], first["severity"], first["path"]) == (
        "NAME_LEN",
        "error",
        "$.result.tools[0].name",
    )
    assert first["sources"][0].startswith("https://")
    ((alias, name),) = report["aliases"].items()
    assert name == "FDA_get_info_on_conditions_for_doctor_consultation_by_drug_name"
    assert len("mcp__tooluniverse__" + alias) <= 64
    assert alias in first["detail"]


def test_a_provider_and_rules_can_be_chosen():
    path = str(FIXTURES / "composio.json")
    assert "PROP_KEYS" not in run(path)[1]
    assert "PROP_KEYS" in run(path, "--provider", "anthropic")[1]
    code, out, _ = run(path, "--provider", "anthropic", "--ignore", "PROP_KEYS", "--ignore", "ROOT_OBJECT")
    assert (code, "PROP_KEYS" in out) == (0, False)


@pytest.mark.parametrize(
    ("words", "stdin", "told"),
    [
        (("-",), "", "not valid JSON"),
        (("-",), "[1, 2]", "is neither a tool nor"),
        (("-",), '"cog_canary_0123456789"', "is neither a tool nor"),
        (("-",), b"\xff\xfe[", "not UTF-8"),
        (("-",), "[" * 50_000, "nested too deeply"),
        (("no/such/file.json",), "", "No such file"),
        (("tests/data/lint_lists/README.md",), "", "not valid JSON"),
        (("bad\0path",), "", "cannot be read"),
        (("tests/typing",), "", "No file of the folder"),
        (("manifests/index.json",), "", "index of manifests"),
        (("-", "--provider", "cog_canary"), "[]", "The provider is not known"),
        (("-", "--prefix", "a b"), "[]", "A prefix has"),
        (("-", "--prefix", "p" * 64), "[]", "A prefix has"),
        (("-", "--ignore", "PROP_KEY"), "[]", "PROP_KEYS"),
        (("-", "--ignore", "?"), "[]", "The rule to ignore is not known"),
    ],
)
def test_input_that_cannot_be_read_is_one_clear_line_and_exit_code_two(words, stdin, told, monkeypatch):
    monkeypatch.chdir(ROOT)
    code, out, err = run(*words, stdin=stdin)
    assert (code, out) == (2, "")
    assert told in err
    assert "canary" not in err
    assert err.startswith("error: ")
    assert err.count("\n") <= 2


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(input_files, "MEGABYTE", 64)
    (tmp_path / "large.json").write_text(" " * 2000, encoding="utf-8")
    code, _, err = run(str(tmp_path / "large.json"))
    assert (code, "is larger than" in err) == (2, True)


def test_a_byte_order_mark_is_no_fault():
    assert run("-", stdin=b"\xef\xbb\xbf" + json.dumps([GOOD]).encode())[0] == 0


def test_a_name_cannot_steer_a_terminal():
    code, out, _ = run("-", stdin=json.dumps([GOOD | {"name": "\x1b[2Ja\u202eb\ud800"}]))
    assert code == 1
    assert "\x1b" not in out
    assert "\u202e" not in out
