"""No export of any tool of this package has a fault, nor has any committed file."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from support.lint_own import LATE, PAYLOADS, errors_of
from support.paths import ROOT
from support.tools import built_in

from devin_tools.cli import cli
from devin_tools.export.providers.limits import BASES
from devin_tools.lint import judge, own_lists, read_tools
from devin_tools.presets import PRESETS, chosen

OF_OURS = ("TOOL_COUNT", "TOKEN_BUDGET", "OUTPUT_BUDGET")  # the whole pack: who offers it chooses from it
IGNORED = [part for rule in OF_OURS for part in ("--ignore", rule)]
GOOD = {
    "name": "get_thing",
    "title": "Get thing",
    "description": "Get a thing.",
    "inputSchema": {"type": "object", "properties": {}},
    "annotations": dict.fromkeys(
        ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"), False
    ),
}


def run(*words: str) -> tuple[int, str, str]:
    got = CliRunner().invoke(cli, ["lint", *words])
    assert "Traceback" not in got.output
    return got.exit_code, got.stdout, got.stderr


@pytest.mark.parametrize("prefix", ["", "mcp__devin__"])
def test_our_own_exports_have_no_fault(prefix: str) -> None:
    lists = own_lists(built_in())
    findings = [finding for tools in lists for finding in judge(tools, prefix=prefix, ignore=OF_OURS)]
    assert [str(finding) for finding in findings if finding.severity != "note"] == []
    assert len(findings) == len(lists)


def test_without_formats_for_providers_the_manifests_are_judged() -> None:
    catalog = built_in()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "exporters", {"manifest": catalog.exporters["manifest"]})
        (tools,) = own_lists(catalog)
    assert len(tools) == len(catalog)
    assert [str(finding) for finding in judge(tools, ignore=OF_OURS) if finding.severity != "note"] == []


def test_our_own_tools_pass_without_a_path() -> None:
    code, out, err = run(*IGNORED)
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"note"}
    assert "0 errors, 0 warnings" in err


@pytest.mark.parametrize("payload", LATE)
def test_nothing_is_said_of_a_list_of_which_a_model_finds_the_rest_of_all_tools(payload: str) -> None:
    tools = read_tools(LATE[payload]([spec.chosen() for spec in built_in()]))
    assert [str(found) for found in judge(tools) if found.severity != "note"] == []


@pytest.mark.parametrize("preset", [None, *PRESETS])
@pytest.mark.parametrize(("dialect", "payload"), PAYLOADS)
def test_every_dialect_takes_every_preset(dialect: str, payload: str, preset: str | None) -> None:
    assert errors_of(dialect, payload, chosen(built_in(), preset)) == []


@pytest.mark.parametrize(
    "provider",
    ["all", "gemini-json", *BASES],
)
def test_our_own_tools_pass_for_every_provider_they_are_exported_to(provider: str) -> None:
    assert run("--provider", provider)[0] == 0


def test_our_plain_exports_are_not_strict() -> None:
    assert run("--provider", "openai-strict")[0] == 1


@pytest.mark.parametrize("folder", ["manifests", "manifests/providers"])
def test_the_committed_files_pass(folder: str) -> None:
    code, _, err = run(str(ROOT / folder), *IGNORED)
    assert code == 0
    assert "0 errors, 0 warnings" in err


def test_the_words_reach_the_command_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-W", "error", "-m", "devin_tools", "lint", "-", "--json"]
    got = subprocess.run(
        command, input=json.dumps([GOOD]), capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert (got.returncode, got.stderr) == (0, "")
    assert json.loads(got.stdout)["counts"]["error"] == 0
