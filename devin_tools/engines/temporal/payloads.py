"""The inputs and results of workflows and activities, as plain values. Imports nothing of Temporal's.

Their fields stand in the histories of running workflows: one may be added with a default, none renamed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class CarriedState:
    """What a workflow hands on when it continues as new, beside its job."""

    began: float
    """When the first run began, in Unix seconds."""
    settings: dict[str, Any]
    """The settings that flows and rules ask for, as they were then."""
    admitted: list[str] = field(default_factory=list)
    """The calls that were admitted already, as digests."""
    session_ids: list[str] = field(default_factory=list)
    """The sessions it was about so far."""
    created: list[str] = field(default_factory=list)
    """Those that it started itself."""
    runs: int = 1
    """How many runs there were."""


@dataclass
class Job:
    """One call, for a workflow to run."""

    tool: str
    arguments: dict[str, Any]
    confirm: bool = False
    """Consent, where the worker's settings ask for it."""
    ends_session: bool = False
    """Whether cancelling the workflow ends its sessions too."""
    is_polled: bool = True
    """Whether waits subscribe to the poller of the organisation."""
    has_attributes: bool = False
    """Whether the server knows the search attributes."""
    max_events: int = 4_000
    """How many events a history may have before the workflow continues as new."""
    chain: CarriedState | None = None


@dataclass
class RequestPayload:
    """A request. `secrets` says where in the body references to secrets stand."""

    method: str
    path: str
    query: list[list[str]] = field(default_factory=list)
    body: dict[str, Any] | None = None
    secrets: list[list[str | int]] = field(default_factory=list)
    file: str | None = None
    tool: str = ""
    attempt: int = 1
    patience: float | None = None
    """The request's `timeout`. Histories hold it under this name, so it keeps it."""
    saving: dict[str, Any] | None = None
    """Where a download is to be saved."""


@dataclass
class ResponsePayload:
    """The result of a request: a response, or the error that there was instead."""

    status: int = 0
    body: str = ""
    form: str = "text"
    """How the body is written: `text`, `base64`, or `zlib` (packed, then base64)."""
    headers: dict[str, str] = field(default_factory=dict)
    error: dict[str, Any] | None = None


@dataclass
class Ask:
    """The question whether a call may run."""

    tool: str
    arguments: dict[str, Any]
    is_inside: bool
    confirm: bool
    is_again: bool = False
    """Whether an earlier run of the workflow was allowed to."""
    outer: str = ""
    """The tool whose call it is a part of."""


@dataclass
class RecordOutcome:
    """The outcome of a call, for guards and rules."""

    tool: str
    arguments: dict[str, Any]
    is_inside: bool
    output: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


@dataclass
class Subscription:
    """A workflow that waits for a new state of a session."""

    session_id: str
    state: str
    """The state of the session when it was last seen."""
    workflow_id: str


@dataclass
class PollerInput:
    """The input of the poller of an organisation."""

    tick_seconds: float
    """Seconds between two reads of the same sessions."""
    max_events: int = 8_000
    """How many events its history may have before it continues as new."""
    waiting: list[Subscription] = field(default_factory=list)


@dataclass
class Count:
    """The progress of many calls."""

    total: int
    done: int = 0
    """How many have come to an end."""
    failed: int = 0
    """How many of those failed."""


@dataclass
class RunManyInput:
    """The input of the workflow that runs many calls."""

    packed: str
    """The jobs, as `pack_jobs` makes it: thousands are alike."""
    first: int
    """The number of the first of them."""
    count: Count
    at_once: int
    most_in_a_run: int = 2_000
    """How many a run starts before the workflow continues as new."""


@dataclass
class ProgressLine:
    """One line of progress of a flow."""

    at: float
    """When, in Unix seconds."""
    message: str


@dataclass
class WorkflowStatus:
    """The progress of a workflow."""

    tool: str
    session_ids: list[str] = field(default_factory=list)
    """The sessions it started, or is about."""
    lines: list[ProgressLine] = field(default_factory=list)
    """Its last lines of progress, oldest first."""
