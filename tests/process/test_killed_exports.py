"""An export that is killed while it writes loses and doubles nothing when it runs again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from support.served_processes import HANG_SECONDS, environment

from devin_tools import Client, Simulator
from devin_tools.simulator.audit import add_entry
from devin_tools.tasks import ExportAuditLogs

MORTAL = """
import os, signal, sys
from devin_tools import Client
from devin_tools.local import written_files
from devin_tools.tasks import ExportAuditLogs
url, folder, moment, last = sys.argv[1:]
append, writes = written_files.append_lines, 0

def appended(step, settings):
    global writes
    writes += 1
    if writes == int(last) and moment == "within":
        with open(os.path.join(folder, step.name), "ab") as file:
            file.write(step.text.encode()[: len(step.text) // 2])
    if writes == int(last) and moment != "after":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = append(step, settings)
    if writes == int(last):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

written_files.append_lines = appended
with Client(api_key="cog_simulator", base_url=url, file_root=folder, download_folder=".") as client:
    client.run(ExportAuditLogs())
"""


def test_what_was_killed_at_a_write_goes_on_and_has_each_entry_once(tmp_path: Path) -> None:
    simulator = Simulator(seed=1)
    for _ in range(1_500):
        add_entry(simulator.world, "login", {}, None)
    with simulator.serve() as server:
        for moment, write in (("within", 1), ("before", 2), ("after", 1), ("within", 3)):
            command = [sys.executable, "-c", MORTAL, server.url, str(tmp_path), moment, str(write)]
            ran = subprocess.run(
                command, env=environment(), capture_output=True, text=True, timeout=HANG_SECONDS, check=False
            )
            assert ran.returncode == -signal.SIGKILL, ran.stderr
        files = {"file_root": str(tmp_path), "download_folder": "."}
        with Client(api_key="cog_simulator", base_url=server.url, **files) as client:  # type: ignore[arg-type]
            done = client.run(ExportAuditLogs())
    lines = (tmp_path / "audit-logs.jsonl").read_text(encoding="ascii").splitlines()
    assert [json.loads(line) for line in lines] == simulator.world.audit_log
    assert 0 < done.entries_added < len(lines)


def test_a_long_log_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    count, simulator = 12_000, Simulator(seed=1)
    for _ in range(count):
        simulator.clock.step(5)
        simulator.world.now = simulator.clock.now()
        add_entry(simulator.world, "login", {"text": "x" * 200}, None)
    program = (
        "import resource, sys\n"
        "from devin_tools import Client\n"
        "from devin_tools.tasks import ExportAuditLogs\n"
        "client = Client(api_key='cog_simulator', base_url=sys.argv[1], file_root=sys.argv[2])\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "client.run(ExportAuditLogs(max_entries=1000)); small = peak()\n"
        "added = client.run(ExportAuditLogs()).entries_added; print(added, peak() - small)\n"
    )
    with simulator.serve() as server:
        command = [sys.executable, "-c", program, server.url, str(tmp_path)]
        ran = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=HANG_SECONDS, check=True
        )
    added, kilobytes = map(int, ran.stdout.split())
    assert added == count - 1_000
    assert kilobytes < 8_000
