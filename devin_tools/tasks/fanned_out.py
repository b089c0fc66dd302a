"""What a fan-out gives back: a row for each item."""

from __future__ import annotations

from typing import Annotated, Any

from ..api.session_models import PullRequest, Session
from ..api.shared.fields import UNTRUSTED, Untrusted, known
from ..tool import Output
from .shared.fleet import Fan, Part, id_in_paths
from .shared.outcomes import OUTCOMES
from .shared.structured_output import checked
from .wait_session import Resumption

__all__ = ["AGAIN", "FanOutRow", "FannedOut", "RowError", "row_of"]

AGAIN = "Call again with the same arguments and the same idempotency_key."


class RowError(Output):
    """Why the session of an item could not be started."""

    kind: str
    """A stable word for the error."""

    message: str
    """What happened."""

    hint: str | None = None
    """What to do."""


class FanOutRow(Output):
    """What became of one item."""

    item: str | dict[str, Any]
    """The item, as it was given."""

    outcome: Annotated[str, known(*OUTCOMES, "not_started", "not_created", "not_found")]
    """How its session stands; `not_started`: its turn had not come; `not_created`: see `error`."""

    advice: str = ""
    """What a person can do now."""

    session_id: str | None = None
    """Its session."""

    url: str | None = None
    """Where a person can watch it."""

    creation: Annotated[str, known("created", "adopted")] | None = None
    """Whether this call started the session, or found it started by an earlier one."""

    pull_requests: list[PullRequest] = []
    """The pull requests it opened."""

    structured_output: Annotated[Any, UNTRUSTED] = None
    """Its structured output."""

    structured_output_status: Annotated[str, known("valid", "missing", "invalid", "not_requested")]
    """Whether that fits the schema that was given."""

    structured_output_faults: list[Untrusted] = []
    """Where and how it does not fit."""

    acus_consumed: float | None = None
    """ACUs it spent so far: a running figure, not the billing one."""

    error: RowError | None = None
    """Why its session could not be started."""


class FannedOut(Output):
    """What became of all items."""

    rows: list[FanOutRow]
    """One row for each item, in their order."""

    counts: dict[str, int]
    """How many rows have each outcome."""

    acus_consumed: float
    """ACUs that all sessions together spent so far, where the API says."""

    idempotency_key: str
    """The name of this fan-out: another call with it adopts the sessions of this one."""

    waited_seconds: float
    """How long this call took."""

    resume_with: Resumption | None = None
    """The call that goes on, when sessions are still at work or to be started."""


def row_of(fan: Fan, part: Part, schema: dict[str, Any] | None) -> FanOutRow:
    """Say what became of an item."""
    if part.session is None:
        return _unstarted(part, schema)
    session_id = id_in_paths(part.session)
    settled = fan.crowd.settled.get(session_id)
    session: Session = fan.crowd.latest.get(session_id, part.session)
    status, faults = checked(session.structured_output, schema)
    return FanOutRow(
        item=part.item,
        outcome=settled.outcome if settled else "still_running",
        advice=settled.advice if settled else "",
        session_id=part.session.session_id,
        url=session.url or part.session.url,
        creation=part.session.creation,
        pull_requests=session.pull_requests,
        structured_output=session.structured_output,
        structured_output_status=status,
        structured_output_faults=faults,
        acus_consumed=session.acus_consumed,
    )


def _unstarted(part: Part, schema: dict[str, Any] | None) -> FanOutRow:
    status, _ = checked(None, schema)
    if part.error is None:
        return FanOutRow(item=part.item, outcome="not_started", advice=AGAIN, structured_output_status=status)
    told = part.error.as_dict()
    return FanOutRow(
        item=part.item,
        outcome="not_created",
        advice=AGAIN if part.error.retryable else "",
        structured_output_status=status,
        error=RowError(kind=told["kind"], message=told["message"], hint=told["hint"]),
    )
