"""The audit log in a file: one run goes on where the one before ended."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from ..api.attachments import IntoFolder
from ..api.enterprise.audit_logs import (
    AUDIT_ACTIONS,
    PERMISSION,
    AuditLog,
    AuditLogPage,
    ListAuditLogs,
    ListOrganizationAuditLogs,
)
from ..api.shared.fields import Id, Text, known
from ..api.shared.log_period import MAX_SPAN_DAYS
from ..api.shared.once import retry_reads
from ..api.shared.times import UnixSeconds
from ..errors import FileFault
from ..flow import AppendLines, Flow, Hold, LastLines, Now, Progress, ReadLastLines
from ..paging.pages import Walk, require_whole
from ..tool import WRITE, Output, Tool

PAGE = 200
OVERLAP_SECONDS = 600
"""How far before the newest entry of the file a run begins to read: entries may be listed late."""

EARLIEST, CLOCK_ERROR_SECONDS = 1_000_000_000, 86_400
"""Times before 2001, and those further ahead of the clock, say nothing of where to go on: one entry of a
clock that went wrong would have all that follow it skipped. A later run may add such an entry again."""

BEGINS = '{"audit_log_id": '
"""How each line of an export begins."""


class AuditLogExport(Output):
    """What a run added to the file."""

    path: str
    """Where the file is."""

    entries_added: int
    """How many entries this run added."""

    size: int
    """How many bytes of whole lines the file holds."""

    newest_at: int | None = None
    """When the newest entry of the file was made, in Unix seconds; null where none has a time in the past."""

    is_complete: bool = True
    """Whether all that the API listed is in the file; if not, `max_entries` were added: call again."""


class ExportAuditLogs(IntoFolder, Tool[AuditLogExport]):
    """Add the new entries of the audit log to a file, one line of JSON each.

    The first run saves the entries from `time_after` on, oldest first; each later one with the same file goes
    on where that ended. A run that is killed loses and repeats nothing. Nothing but the file says where to go
    on, so call with the same organisation and action each time. What other programs wrote is never changed.
    """

    effect = WRITE.idempotent()
    resource = "enterprise_audit_logs"
    scope = "enterprise"
    permission = PERMISSION
    keywords = (
        "ship the trail to Splunk, SIEM, dump the activity history as JSONL, back up for compliance, "
        "auditors, continuous download, incremental sync, auditors want a copy, save to disk, keep a "
        "record, everything that happened this year"
    )
    examples = (
        {"file": "audit-logs.jsonl"},
        {"file": "audit-logs.jsonl", "folder": "audit", "time_after": 1767225600, "max_entries": 10_000},
    )

    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(jsonl|ndjson)$")] = (
        "audit-logs.jsonl"
    )
    """The file's name, which ends in .jsonl or .ndjson. Entries are added to one that is there."""

    org_id: Id | None = None
    """Only what was done in this organisation; left out, in the whole enterprise."""

    action: Annotated[Text, known(*AUDIT_ACTIONS)] | None = None
    """Only what was done under this name."""

    time_after: UnixSeconds | None = None
    """Where the first run begins, in Unix seconds; left out, with the oldest entry that there is."""

    max_entries: Annotated[int, Field(ge=1)] | None = None
    """The most entries to add in this run."""

    def flow(self) -> Flow[AuditLogExport]:
        """Find the end of the file, and add page after page."""
        with (yield Hold(f"export {self.folder}/{self.file}")):
            now: float = yield Now()
            seen = _Seen(now)
            path, at, is_torn = yield from self._end_of_file(seen)
            added, is_complete = 0, True
            start = self.time_after if seen.newest is None else seen.newest - OVERLAP_SECONDS
            for time_after, time_before in _spans(start, now):  # type: ignore[arg-type]  # seconds
                walk = Walk(self._list(time_after, time_before))
                while walk.next is not None and is_complete:
                    page: AuditLogPage = walk.take(require_whole((yield from retry_reads(walk.next.flow))))
                    entries = list(seen.new(page.audit_logs))
                    if self.max_entries is not None and len(entries) > self.max_entries - added:
                        entries, is_complete = entries[: self.max_entries - added], False
                    if entries:
                        text = "".join(f"{_line(entry)}\n" for entry in entries)
                        at = yield AppendLines(self.folder, self.file, text, at)
                        seen.add(entries)
                        added += len(entries)
                        yield Progress(f"{added} entries")
            if is_torn and not added:
                at = yield AppendLines(self.folder, self.file, "", at)
        return AuditLogExport(
            path=path, entries_added=added, size=at, newest_at=seen.newest, is_complete=is_complete
        )

    def _list(self, time_after: int | None, time_before: int | None) -> ListAuditLogs:
        given = {"time_after": time_after, "time_before": time_before, "action": self.action}
        given = {name: value for name, value in given.items() if value is not None}
        call: dict[str, Any] = {"order": "asc", "limit": PAGE, **given}
        if self.org_id is None:
            return ListAuditLogs(**call)
        return ListOrganizationAuditLogs(org_id=self.org_id, **call)

    def _end_of_file(self, seen: _Seen) -> Flow[tuple[str, int, bool]]:
        """Read back until no entry before can be listed again.

        Return the path, where whole lines end, and whether something unfinished stands behind them.
        """
        last: LastLines = yield ReadLastLines(self.folder, self.file)
        path, end, is_torn = last.path, last.end, bool(last.unfinished)
        unfinished = last.unfinished.strip("\0")  # what a disk without power leaves
        if not (unfinished.startswith(BEGINS) or BEGINS.startswith(unfinished)):
            raise _foreign()
        while True:
            entries = [self._read(line) for line in last.lines]
            is_enough = seen.add_older(reversed(entries))
            if is_enough or last.start == 0:
                return path, end, is_torn
            last = yield ReadLastLines(self.folder, self.file, before=last.start)

    def _read(self, line: str) -> AuditLog:
        """Read a line of the file; raise `FileFault` for one that this call would not have written."""
        try:
            entry = AuditLog.model_validate_json(line) if line.startswith(BEGINS) else None
        except ValueError:
            entry = None
        if entry is None:
            raise _foreign()
        is_of_another = None not in (self.org_id, entry.org_id) and self.org_id != entry.org_id
        if is_of_another or self.action not in (None, entry.action):
            raise FileFault(
                "The file holds entries of another organisation or action.",
                hint="Name another file, or give the organisation and action of the runs before.",
            )
        return entry


class _Seen:
    """The entries at the end of a file that the API may list again, by their ids."""

    def __init__(self, now: float) -> None:
        self.newest: int | None = None
        self._latest = now + CLOCK_ERROR_SECONDS if now else math.inf  # a preview has no clock
        self._ids: OrderedDict[str, int] = OrderedDict()
        self._untimed: set[str] = set()

    def new(self, entries: Iterable[AuditLog]) -> Iterator[AuditLog]:
        """Yield the entries that are not in the file."""
        return (entry for entry in entries if not self._has(entry.audit_log_id))

    def _has(self, audit_log_id: str) -> bool:
        return audit_log_id in self._ids or audit_log_id in self._untimed

    def add(self, entries: Iterable[AuditLog]) -> None:
        """Note what was added, and forget what is too old to be listed again."""
        for entry in entries:
            self._note(entry)
        oldest = (self.newest or 0) - OVERLAP_SECONDS
        while self._ids and next(iter(self._ids.values())) < oldest:
            self._ids.popitem(last=False)

    def add_older(self, entries: Iterable[AuditLog]) -> bool:
        """Note entries, the last of them first; return whether those before them are too old to matter.

        No entry lies further before one that stands before it in the file than the overlap is.
        """
        for entry in entries:
            made = self._note(entry)
            if made is not None:
                self._ids.move_to_end(entry.audit_log_id, last=False)
                if made < (self.newest or 0) - 2 * OVERLAP_SECONDS:
                    return True
        return False

    def _note(self, entry: AuditLog) -> int | None:
        """Note an entry, and return when it was made; `None` where that says nothing."""
        made = entry.created_at
        if made is None or not EARLIEST <= made <= self._latest:
            self._untimed.add(entry.audit_log_id)
            return None
        self._ids[entry.audit_log_id] = made
        self.newest = max(made, self.newest or 0)
        return made


def _spans(start: int | None, now: float) -> Iterator[tuple[int | None, int | None]]:
    """Yield the bounds to ask for: none lie further apart than the API takes, and the last are open.

    They share a second, as nothing says whether what happened just at a bound is listed.
    """
    longest = MAX_SPAN_DAYS * 86_400
    while start is not None and now - start > longest:
        yield start, start + longest
        start += longest - 1
    yield start, None


def _line(entry: AuditLog) -> str:
    return json.dumps(
        {"audit_log_id": entry.audit_log_id, **entry.model_dump(mode="json", exclude_unset=True)}
    )


def _foreign() -> FileFault:
    return FileFault(
        "The file holds something else than an export of audit logs.", hint="Name another file, or none."
    )
