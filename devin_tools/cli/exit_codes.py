"""The exit codes. Documented in docs/cli.md; a test holds the two together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import DevinToolsError

if TYPE_CHECKING:
    from ..tasks.run_task import TaskOutput

OK = 0
UNEXPECTED = 1
INTERRUPTED = 130

_KINDS = {
    UNEXPECTED: "error",
    2: "usage unknown_tool invalid_arguments unreadable_event bad_signature bad_rules",
    3: "missing_setting",
    4: "refused",
    5: "unauthenticated",
    6: "forbidden",
    7: "not_found",
    8: "bad_request conflict",
    9: "rate_limited busy",
    10: "network connection_failed connection_lost sink_failed",
    11: "api server_fault",
    12: "unexpected_response",
    13: "plugin bad_declaration duplicate_tool",
    14: "ambiguous",
    15: "file file_taken",
}
EXIT_CODES = {kind: code for code, kinds in _KINDS.items() for kind in kinds.split()}
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
