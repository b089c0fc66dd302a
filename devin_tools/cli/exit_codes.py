"""What each exit code says. Documented in docs/cli.md; a test holds the two together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import DevinToolsError

if TYPE_CHECKING:
    from ..tasks.run_task import TaskOutput

OK = 0
UNEXPECTED = 1
INTERRUPTED = 130

EXIT_CODES: dict[str, int] = {
    "error": UNEXPECTED,
    "usage": 2,
    "unknown_tool": 2,
    "invalid_arguments": 2,
    "unreadable_event": 2,
    "bad_signature": 2,
    "bad_rules": 2,
    "missing_setting": 3,
    "refused": 4,
    "unauthenticated": 5,
    "forbidden": 6,
    "not_found": 7,
    "bad_request": 8,
    "conflict": 8,
    "rate_limited": 9,
    "busy": 9,
    "network": 10,
    "connection_failed": 10,
    "connection_lost": 10,
    "sink_failed": 10,
    "api": 11,
    "server_fault": 11,
    "unexpected_response": 12,
    "plugin": 13,
    "bad_declaration": 13,
    "duplicate_tool": 13,
    "ambiguous": 14,
    "file": 15,
    "file_taken": 15,
}
"""The exit code of every kind of error."""

OUTCOME_CODES: dict[str, int] = {
    "finished": OK,
    "waiting_for_user": 20,
    "waiting_for_approval": 20,
    "asleep": 21,
    "quota": 22,
    "failed": 23,
    "ended": 23,
    "still_running": 24,
    "missing": 25,
    "invalid": 25,
    "not_found": EXIT_CODES["not_found"],
}
"""The exit code of every outcome of a session, and of structured output that is not as asked for."""


def exit_code(error: DevinToolsError) -> int:
    """Choose the code of an error; a plugin's own kind counts as the nearest kind it derives from."""
    kinds = (getattr(cls, "kind", "") for cls in type(error).__mro__)
    return next((EXIT_CODES[kind] for kind in kinds if kind in EXIT_CODES), UNEXPECTED)


def outcome_code(outcome: str) -> int:
    """Choose the code of how a session stands."""
    return OUTCOME_CODES.get(outcome, UNEXPECTED)


def task_code(output: TaskOutput) -> int:
    """Choose the code of a task: how it ended, then whether its structured output is as asked for."""
    if code := outcome_code(output.outcome):
        return code
    return OUTCOME_CODES.get(output.structured_output_status, OK)
