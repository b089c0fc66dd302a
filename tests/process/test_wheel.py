"""What is installed has all that a start reads: a checkout would hide what the wheel lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from support.paths import ROOT

LISTED = """
from devin_tools import load_catalog
import devin_tools

assert ".whl" in devin_tools.__file__, devin_tools.__file__
specs = list(load_catalog(plugins=()))
assert all(spec.input_schema and spec.source.inline_output() for spec in specs)
assert specs[0].tool
print(len(specs))
"""


def test_the_wheel_has_the_index_of_the_tools(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    names = {path.name for path in (ROOT / "devin_tools" / "index").iterdir()}
    assert {f"devin_tools/index/{name}" for name in names} <= set(ZipFile(wheel).namelist())
    run = subprocess.run(
        [sys.executable, "-c", LISTED],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
    )
    tools = (ROOT / "devin_tools" / "index" / "tools.jsonl").read_text(encoding="utf-8")
    assert (run.stdout.strip(), run.stderr) == (str(len(tools.splitlines())), "")
