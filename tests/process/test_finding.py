"""Finding tools in a process of its own: it reads the index, and no class of a tool; it opens nothing."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, sys, time
from devin_tools.search.finder import Finder
from devin_tools.tool_index import read_index
specs = read_index()
before = set(sys.modules)
times = []
for _ in range(7):
    began = time.process_time()
    found = Finder(specs).find("kill the run that goes in circles")
    times.append(time.process_time() - began)
print(json.dumps([found.specs[0].name, sorted(set(sys.modules) - before), sorted(sys.modules), min(times)]))
"""

MOST = 0.04
"""Seconds of the processor for an index of all tools and one query: twice what a machine at rest may take."""


def test_finding_imports_no_tool_and_nothing_that_opens_connections() -> None:
    shown = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    name, more, modules, least = json.loads(shown.stdout)
    assert name == "devin_terminate_session"
    assert more == []
    assert [one for one in modules if one.startswith("devin_tools.api")] == []
    assert not {"httpx", "ssl", "socket", "asyncio"} & {*modules}
    assert least < MOST
