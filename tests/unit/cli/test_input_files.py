"""What a command reads is the same text, however the file or standard input is encoded."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from support.laws import for_every

from devin_tools.cli import cli

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]
PROMPT = "Fix the na\u00efve test."
CREATE = ["--simulate", "call", "devin_create_session", "--dry-run"]
RULES = "version: 1\r\nrules:\r\n  - name: all\r\n    session: {max_acu_limit: 5}\r\n"
EVENT = '{"alertName": "na\u00efve"}'


def ran(*words: str, stdin: bytes = b"") -> str:
    got = CliRunner().invoke(cli, words, input=stdin)
    assert got.exit_code == 0, got.output
    return got.stdout


@for_every("encoding", lambda: ENCODINGS)
def test_arguments_prompts_and_schemas_are_read(encoding: str, tmp_path: Path) -> None:
    arguments = f'{{"prompt": "{PROMPT}", "max_acu_limit": 1}}'.encode(encoding)
    (tmp_path / "call.json").write_bytes(arguments)
    (tmp_path / "prompt.txt").write_bytes(PROMPT.encode(encoding))
    (tmp_path / "schema.json").write_bytes('{"type": "object"}'.encode(encoding))
    schema = f"@{tmp_path}/schema.json"
    for words, stdin in (
        ([*CREATE, f"@{tmp_path}/call.json"], b""),
        ([*CREATE, "-"], arguments),
        ([*CREATE, "--prompt", PROMPT, "--structured-output-schema", schema], b""),
        (["--simulate", "run", "--dry-run", f"@{tmp_path}/prompt.txt"], b""),
        (["--simulate", "run", "--dry-run", "-"], PROMPT.encode(encoding)),
    ):
        shown = ran(*words, stdin=stdin)
        assert "Fix the na" in shown and "ufeff" not in shown and "\ufeff" not in shown
        assert "\\u0000" not in shown


@for_every("encoding", lambda: ENCODINGS)
def test_rules_and_events_are_read(encoding: str, tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    (tmp_path / "rules.yaml").write_bytes(RULES.encode(encoding))
    ran("rules", "check", f"{tmp_path}/rules.yaml")
    shown = ran("rules", "try", f"{tmp_path}/rules.yaml", "-", stdin=EVENT.encode(encoding))
    assert '"rule": "all"' in shown and "na\u00efve" in shown


@for_every("encoding", lambda: ENCODINGS)
def test_lists_of_tools_are_read(encoding: str) -> None:
    tool = '[{"name": "look", "description": "Look.", "inputSchema": {"type": "object", "properties": {}}}]'
    ran("lint", "-", "--provider", "mcp", stdin=tool.encode(encoding))


def test_what_is_no_text_is_told_with_the_remedy() -> None:
    got = CliRunner().invoke(cli, [*CREATE, "-"], input=b"caf\xe9")
    assert got.exit_code == 2 and "not UTF-8" in got.stderr and "UTF-8;" in got.stderr
