"""An export of audit logs goes on where it ended, whatever ended it, and holds each entry once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.simulated_api import simulated

from devin_tools import AsyncClient, Client, Simulator
from devin_tools.api import CreateSession
from devin_tools.client.preview import preview
from devin_tools.errors import FileFault, Forbidden, InvalidArguments
from devin_tools.flow import AppendLines
from devin_tools.simulator.audit import add_entry
from devin_tools.simulator.principals import ORG_ID, ORGANIZATION_KEY, OTHER_ORG_ID
from devin_tools.simulator.session_filters import within
from devin_tools.tasks import AuditLogExport, ExportAuditLogs

FILE = "audit-logs.jsonl"


class Exports:
    """Exports of one world into one folder."""

    def __init__(self, folder: Path) -> None:
        self.simulator: Simulator = simulated()
        self.folder, self.file = folder, folder / FILE
        self.files: dict[str, Any] = {"file_root": str(folder), "download_folder": "."}

    def client(self, **more: Any) -> Client:
        return Client(**self.simulator.connection() | self.files | more, guards=())

    def run(self, **arguments: Any) -> AuditLogExport:
        with self.client() as client:
            return client.run(ExportAuditLogs(**arguments))

    def log(self, count: int, *, every: float = 1.0, org_id: str = ORG_ID) -> None:
        """Let something be done so many times."""
        for _ in range(count):
            self.simulator.clock.step(every)
            self.simulator.world.catch_up()
            add_entry(
                self.simulator.world, "login", {"text": "Ünïcode \u2028 \x1b"}, org_id, user=("u|1", "a@b")
            )

    def ids(self, name: str = FILE) -> list[str]:
        lines = (self.folder / name).read_bytes().split(b"\n")
        assert lines.pop() == b""
        return [json.loads(line)["audit_log_id"] for line in lines]

    @property
    def logged(self) -> list[str]:
        return [entry["audit_log_id"] for entry in self.simulator.world.audit_log]


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


def test_a_line_is_an_entry_as_the_api_gave_it_and_plain_text(exports: Exports) -> None:
    exports.log(3)
    done = exports.run()
    assert (done.entries_added, done.is_complete) == (3, True)
    assert Path(done.path) == exports.file and done.size == exports.file.stat().st_size
    text = exports.file.read_bytes()
    assert text.isascii() and b"\x1b" not in text
    assert [json.loads(line) for line in text.splitlines()] == exports.simulator.world.audit_log
    assert exports.file.stat().st_mode & 0o077 == 0


def test_a_later_run_adds_what_is_new_and_another_nothing(exports: Exports) -> None:
    exports.log(450)
    assert exports.run().entries_added == 450
    exports.log(3, every=0.0)  # in the second of the last one
    exports.log(1, every=30 * 86_400.0)
    assert exports.run().entries_added == 4
    before = exports.file.read_bytes()
    assert exports.run().entries_added == 0
    assert exports.file.read_bytes() == before
    assert exports.ids() == exports.logged


def test_wherever_a_run_was_killed_the_next_one_completes_the_file(exports: Exports) -> None:
    exports.log(4, every=0.4)
    exports.run()
    exports.log(3, every=0.4)
    exports.run()
    whole = exports.file.read_bytes()
    line = whole.index(b"\n") + 1
    for end in (0, 1, 20, line - 1, line, line + 1, len(whole) - 1, len(whole)):
        for rest in (b"", b"\0\0\0"):
            exports.file.write_bytes(whole[:end] + rest)
            exports.run()
            assert exports.file.read_bytes() == whole, end


def test_entries_of_one_second_on_many_pages_are_there_once(exports: Exports) -> None:
    exports.log(450, every=0.0)
    assert exports.run(max_entries=250).is_complete is False
    exports.file.write_bytes(exports.file.read_bytes()[:-20])
    assert exports.run(max_entries=150).is_complete is False
    exports.log(50, every=0.0)
    assert exports.run().is_complete is True
    assert exports.ids() == exports.logged


def test_an_entry_that_is_listed_late_is_found(exports: Exports) -> None:
    exports.log(5, every=60.0)
    log = exports.simulator.world.audit_log
    late = log.pop(2)
    exports.run()
    log.insert(2, late)
    assert exports.run().entries_added == 1
    exports.log(2, every=60.0)
    assert exports.run().entries_added == 2
    assert sorted(exports.ids()) == exports.logged


@pytest.mark.parametrize("made", [2_000_000_000, 100, 0, None])
def test_an_entry_of_a_clock_that_went_wrong_hides_no_later_one(
    exports: Exports, made: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(moment: int | None, *bounds: int | None) -> bool:
        return moment is None or within(moment, *bounds)

    monkeypatch.setattr("devin_tools.simulator.handlers.enterprise.audit_logs.within", listed)
    exports.log(2, every=3_600.0)
    log = exports.simulator.world.audit_log
    log[1]["created_at"] = made
    exports.run()
    exports.log(2, every=3_600.0)
    assert exports.run().newest_at == log[-1]["created_at"]
    assert sorted(exports.ids()) == exports.logged
    exports.run()
    assert sorted(set(exports.ids())) == exports.logged  # it may be there again


def test_a_long_time_is_asked_for_in_parts_that_the_api_takes(exports: Exports) -> None:
    begin = int(exports.simulator.clock.now())
    exports.log(5, every=70 * 86_400.0)
    assert exports.run(time_after=begin).entries_added == 5
    assert exports.ids() == exports.logged
    exports.log(1, every=250 * 86_400.0)
    assert exports.run().entries_added == 1
    assert exports.ids() == exports.logged


def test_the_first_run_begins_where_it_is_told(exports: Exports) -> None:
    exports.log(3, every=86_400.0)
    begin = exports.simulator.world.audit_log[1]["created_at"]
    assert exports.run(time_after=begin).entries_added == 2
    assert exports.run(time_after=0).entries_added == 0  # a later one goes on where that ended


def test_one_organisation_or_action_has_a_file_of_its_own(exports: Exports) -> None:
    exports.log(2)
    exports.log(1, org_id=OTHER_ORG_ID)
    with exports.client() as client:
        client.run(CreateSession(prompt="x"))
    assert exports.run(org_id=OTHER_ORG_ID, file="other.jsonl").entries_added == 1
    assert exports.run(action="create_session", file="created.jsonl", folder="audit").entries_added == 1
    assert exports.ids("other.jsonl") == exports.logged[2:3]
    assert exports.ids("audit/created.jsonl") == exports.logged[3:]
    exports.run()
    before = exports.file.read_bytes()
    for other in ({"org_id": OTHER_ORG_ID}, {"action": "create_session"}):
        with pytest.raises(FileFault, match="another organisation or action"):
            exports.run(**other)
    assert exports.file.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"Notes\n", b"Notes", b'{"a": 1}\n', b"[1]\n{\n", b'{"audit_log_id": 1}\n', b"\xff\n", b"\n"]
)
def test_a_file_of_somebody_else_is_left_alone(exports: Exports, content: bytes) -> None:
    exports.log(1)
    exports.file.write_bytes(content)
    with pytest.raises(FileFault, match="something else"):
        exports.run()
    assert exports.file.read_bytes() == content


@pytest.mark.parametrize("folder", ["..", "/tmp", ".hidden"])
def test_nothing_is_written_outside_of_the_folder_for_downloads(exports: Exports, folder: str) -> None:
    exports.log(1)
    with pytest.raises(FileFault):
        exports.run(folder=folder)


@pytest.mark.parametrize("name", ["audit.txt", "../audit.jsonl", "a/b.jsonl", ".x.jsonl", "-x.jsonl", ""])
def test_a_name_is_one_of_a_log(name: str) -> None:
    with pytest.raises(InvalidArguments):
        ExportAuditLogs(file=name)


def test_two_runs_at_once_do_not_mix(exports: Exports) -> None:
    exports.log(3)
    with exports.client() as client:
        flow = ExportAuditLogs().flow()
        steps: list[Any] = []

        def slow() -> Iterator[Any]:
            """Pass the steps on; let another run, without the lock of a key, come first with its lines."""
            reply = None
            while True:
                try:
                    step = flow.send(reply)
                except StopIteration as done:
                    return done.value
                if isinstance(step, AppendLines) and not steps:
                    steps.append(step)
                    client.drive(_append(AppendLines(".", FILE, step.text.replace("login", "other"), 0)))
                reply = yield step

        with pytest.raises(FileFault, match="meanwhile"):
            client.drive(slow())  # type: ignore[arg-type]
    assert exports.file.read_text().count("other") == 3


def _append(step: AppendLines) -> Iterator[Any]:
    return (yield step)


def test_it_runs_on_an_event_loop_too(exports: Exports) -> None:
    exports.log(3)

    async def run() -> AuditLogExport:
        async with AsyncClient(**exports.simulator.connection() | exports.files, guards=()) as client:
            return await client.run(ExportAuditLogs())

    assert asyncio.run(run()).entries_added == 3


def test_a_preview_says_where_it_would_go_on_and_changes_nothing(exports: Exports) -> None:
    exports.log(2)
    exports.run()
    before = exports.file.read_bytes()
    with exports.client() as client:
        (request,) = preview(ExportAuditLogs(), client.settings).requests
    assert "order=asc" in request.url and "time_after=" in request.url
    assert exports.file.read_bytes() == before


def test_the_key_of_an_organisation_is_refused_and_leaves_no_file(exports: Exports) -> None:
    exports.log(1)
    with exports.client(api_key=ORGANIZATION_KEY) as client, pytest.raises(Forbidden):
        client.run(ExportAuditLogs())
    assert not exports.file.exists()
