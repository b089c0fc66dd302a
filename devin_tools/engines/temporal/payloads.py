"""What goes into payloads, as plain values: jobs, requests, answers. Nothing here needs the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class CarriedState:
    """What a workflow hands on to its next run, beside its job."""

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
    """Whether waits leave looking to the poller of the organisation."""
    has_attributes: bool = False
    """Whether the server knows the search attributes."""
    max_events: int = 4_000
    """How long a history may grow before the workflow begins anew."""
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
    """What became of a request: a response, or the error that there was instead."""

    status: int = 0
    body: str = ""
    form: str = "text"
    """How the body is written: `text`, `base64`, or `zlib` (packed, then base64)."""
    headers: dict[str, str] = field(default_factory=dict)
    error: dict[str, Any] | None = None


@dataclass
class Ask:
    """Ask whether a call may run."""

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
    """Tell what a call gave."""

    tool: str
    arguments: dict[str, Any]
    is_inside: bool
    output: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


@dataclass
class Subscription:
    """A workflow that waits for news of a session."""

    session_id: str
    state: str
    """How the session stood when it was last seen."""
    workflow_id: str


@dataclass
class PollerInput:
    """What the poller of an organisation is told."""

    tick_seconds: float
    """Seconds between two looks at the same sessions."""
    max_events: int = 8_000
    """How long its history may grow before it begins anew."""
    waiting: list[Subscription] = field(default_factory=list)


@dataclass
class Count:
    """How far many calls are."""

    total: int
    done: int = 0
    """How many have come to an end."""
    failed: int = 0
    """How many of those failed."""


@dataclass
class RunManyInput:
    """Many calls, for one workflow to see through."""

    packed: str
    """The jobs, as `pack_jobs` makes it: thousands are alike."""
    first: int
    """The number of the first of them."""
    count: Count
    at_once: int
    most_in_a_run: int = 2_000
    """How many a run begins before the workflow begins anew."""


@dataclass
class ProgressLine:
    """One thing that a flow told while it ran."""

    at: float
    """When, in Unix seconds."""
    message: str


@dataclass
class WorkflowStatus:
    """How far a workflow is."""

    tool: str
    session_ids: list[str] = field(default_factory=list)
    """The sessions it started, or is about."""
    lines: list[ProgressLine] = field(default_factory=list)
    """What it told, oldest first: the latest."""
