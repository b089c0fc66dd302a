"""Schemathesis makes requests up from the document: no answer but those the document announces.

It asks the few tools that have between them every kind of field: an operation takes it seconds.

Run with `nox -s schemathesis`.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.served_processes import TOKEN, environment, served, stop
from support.tools import each_kind

from devin_tools.model_input import for_models

pytestmark = [
    pytest.mark.skipif(find_spec("schemathesis") is None, reason="python3 -m pip install schemathesis"),
    pytest.mark.skipif(find_spec("uvicorn") is None, reason="python3 -m pip install 'devin-tools[server]'"),
]

CONFIG = Path(__file__).with_name("schemathesis.toml")
SERVE = ["serve", "--port", "0", "--call-seconds", "5", "--calls-a-minute", "1000000"]


RULES = """
version: 1
rules:
  - name: all
    session: {max_acu_limit: 5}
    storm_limit: 20
"""


@pytest.mark.parametrize("takes_events", [False, True], ids=["tools", "events"])
def test_every_answer_is_one_that_the_document_announces(tmp_path, takes_events):
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    names = [spec.name for spec in for_models(each_kind())]
    more, count = ["--tools", ",".join(names)], len(names)
    if takes_events:
        more, count = ["--rules", str(rules)], 2
    variables = {"DEVIN_SERVE_TOKEN": TOKEN, "DEVIN_HOOK_SECRET": TOKEN, "DEVIN_FILE_ROOT": str(tmp_path)}
    with served("--simulate", *SERVE, *more, **variables) as (process, url):
        asking = ["run", f"{url}/openapi.json", "-H", f"Authorization: Bearer {TOKEN}", "--no-color"]
        asking += ["--include-tag", "events"] if takes_events else []
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), *asking]
        python = environment() | {"PYTHONWARNINGS": "default"}  # those of schemathesis are not ours
        got = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=1500, env=python)
        _, _, err = stop(process)
    assert got.returncode == 0, got.stdout[-10_000:] + got.stderr
    assert f"Tested: {count}" in got.stdout
    assert "Traceback" not in err
    assert TOKEN not in err
