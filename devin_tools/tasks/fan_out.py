"""Do the same for many items: a session for each, a few at a time, until all have settled."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from ..api.create_session import Prompt, SessionOptions
from ..api.session import PullRequest, Session
from ..api.shared.fields import MAX_TAGS, UNTRUSTED, GivenOrEmpty, GivenText, Untrusted, known, path_id
from ..codec import id_of
from ..errors import DevinToolsError, Hint, InvalidArguments
from ..flow import Draw, Flow, Monotonic, Setting
from ..tool import WRITE, Output, Spending, Tool, arguments_of
from .shared.fleet import Fleet, FleetItem
from .shared.outcomes import OUTCOMES, Certainty
from .shared.structured_output import OutputStatus, checked, is_owed
from .shared.template import Value, filled, placeholders
from .wait_session import Resumption, WaitOptions, pause_before_look, poll_intervals

ItemValue = GivenOrEmpty | int | float | bool
"""What a placeholder stands for. A word for nothing in its place would be paid for as a task."""

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

    certainty: Certainty = "sure"
    """How sure that is. `likely`: the API no longer says whether it finished before it fell asleep, so it
    is concluded from what it left; `advice` says from what."""

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

    structured_output_status: OutputStatus
    """Whether that fits the schema that was given."""

    structured_output_faults: list[Untrusted] = []
    """Where and how it does not fit."""

    last_message: Untrusted | None = None
    """Always null: of many sessions no messages are read. `devin_wait_session` reads those of one."""

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


def row_of(fleet: Fleet, one: FleetItem, schema: dict[str, Any] | None) -> FanOutRow:
    """Return what became of an item."""
    if one.session is None:
        return _unstarted(one, schema)
    session_id = path_id(one.session.session_id)
    settled = fleet.watchlist.settled.get(session_id)
    session: Session = fleet.watchlist.latest.get(session_id, one.session)
    status, faults = checked(session.structured_output, schema)
    return FanOutRow(
        item=one.item,
        outcome=settled.outcome if settled else "still_running",
        certainty=settled.certainty if settled else "sure",
        advice=settled.advice if settled else "",
        session_id=one.session.session_id,
        url=session.url or one.session.url,
        creation=one.session.creation,
        pull_requests=session.pull_requests,
        structured_output=session.structured_output,
        structured_output_status=status,
        structured_output_faults=faults,
        acus_consumed=session.acus_consumed,
    )


def _row_error(error: DevinToolsError) -> RowError:
    told = error.as_dict("model")  # a row has many readers, and these words fit all of them
    return RowError(**{name: told[name] for name in RowError.model_fields})


def _unstarted(one: FleetItem, schema: dict[str, Any] | None) -> FanOutRow:
    status, _ = checked(None, schema)
    if one.error is None:
        return FanOutRow(item=one.item, outcome="not_started", advice=AGAIN, structured_output_status=status)
    return FanOutRow(
        item=one.item,
        outcome="not_created",
        advice=AGAIN if one.error.retryable else "",
        structured_output_status=status,
        error=_row_error(one.error),
    )


OWN_TAGS = 2
"""How many tags each session needs beside its user's: the fan-out's, and its own."""


class FanOut(SessionOptions, Prompt, WaitOptions, Tool[FannedOut]):
    """Run one task for each of many items, each in a session of its own.

    `prompt` is a template: each session gets it with its item filled in. Waits until all have
    settled and gives a row for each. An item whose session cannot be started does not stop the
    others. Spends ACUs, at most `max_acu_total`. Calling again with the same `idempotency_key` goes
    on with the same sessions.
    """

    effect = WRITE.billable(Spending(starts="parts", limit="max_acu_limit", total="max_acu_total"))
    resource = "sessions"
    permission = "UseDevinSessions"
    keywords = (
        "bulk, batch, mass change, parallel, concurrently, map over a list, upgrade 50 services at once, "
        "migrate all repositories, one worker per row of a spreadsheet, all of our services, for each of "
        "them, hundreds of files, at scale, campaign, same thing for every repo, for every ticket"
    )
    examples = (
        {
            "prompt": "Upgrade {item} to Python 3.13 and open a pull request.",
            "items": ["acme/shop", "acme/billing"],
            "max_acu_total": 10,
        },
        {
            "prompt": "Add tests for {file} in {repo}.",
            "items": [{"repo": "acme/shop", "file": "cart.py"}, {"repo": "acme/shop", "file": "tax.py"}],
            "max_acu_limit": 3,
            "max_acu_total": 6,
            "max_parallel": 2,
            "max_seconds": 45,
        },
    )

    prompt: GivenText
    """The task, with placeholders: `{item}` for items of text, or the names of their values. A brace that
    is none of a placeholder's is written twice."""

    title: GivenText | None = None
    """A title, with the same placeholders; Devin writes one when it is left out."""

    items: Annotated[list[GivenText | dict[str, ItemValue]], Field(min_length=1, max_length=1000)]
    """What to do it for: texts, or objects whose values the placeholders name."""

    max_acu_total: Annotated[int, Field(ge=1, le=1_000_000)]
    """The most ACUs that all sessions together may spend. Without `max_acu_limit` each may spend its
    share; with it, items times limit must not be more."""

    max_parallel: Annotated[int, Field(ge=1, le=200)] = 10
    """The most sessions to have at work at once."""

    max_sessions: Annotated[int, Field(ge=1, le=1000)] = 20
    """The most sessions to start in all: more items than that are refused."""

    timeout_seconds: Annotated[float, Field(gt=0, le=30 * 24 * 3600)] = 24 * 3600.0
    """Give up after this many seconds in all: above 0, at most 30 days."""

    @field_validator("prompt", "title")
    @classmethod
    def _has_sound_placeholders(cls, value: str | None) -> str | None:
        placeholders(value or "")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> FanOut:
        if len(self.items) > self.max_sessions:
            raise ValueError(f"items: there are more than max_sessions ({self.max_sessions}) allows")
        if len(self.items) * (self.max_acu_limit or 1) > self.max_acu_total:
            raise ValueError("max_acu_total: it is less than one limit, or 1 ACU, for each item")
        names = placeholders(self.prompt)
        if not names and len(self.items) > 1:
            raise ValueError("prompt: without a placeholder such as {item} every session gets the same task")
        for number, item in enumerate(self.items):
            for name in [*names, *placeholders(self.title or "")]:
                if name not in _values(item):
                    raise ValueError(f"items[{number}]: it has no value for the placeholder {{{name}}}")
        return self

    def flow(self) -> Flow[FannedOut]:
        """Adopt, then look and start in turn."""
        began: float = yield Monotonic()
        end = self.end(began)
        fleet = yield from self._plan()
        try:
            if self.idempotency_key is not None:
                yield from fleet.adopt()
            yield from self._watch(fleet, end)
        except DevinToolsError as error:  # what was paid for must not be lost from sight
            if any(one.session for one in fleet.items):
                error.more_hints = Hint(self._go_on(fleet))
            raise
        return self._output(fleet, (yield Monotonic()) - began)

    def _plan(self) -> Flow[Fleet]:
        """Work out what each session is to be."""
        if len(self.tags or []) > MAX_TAGS - OWN_TAGS or not (yield Setting("tag_creates")):
            raise InvalidArguments(
                "The sessions of a fan-out are found again by tags, and there is no room for them.",
                hint=f"Give at most {MAX_TAGS - OWN_TAGS} tags, and leave the setting tag_creates on.",
            )
        limit = self.max_acu_limit or (yield from self._share())
        bits: int = 0 if self.idempotency_key else (yield Draw())
        fleet = Fleet(
            self.idempotency_key or f"{bits:032x}",
            self.items,
            self.max_parallel,
            self.settle_seconds,
            is_output_required=is_owed(self.structured_output_schema, self.structured_output_required),
        )
        shared = arguments_of(self, SessionOptions) | arguments_of(self, Prompt)
        shared.pop("idempotency_key", None)  # each session has its own
        for one in fleet.items:
            texts = {
                name: filled(shared[name], _values(one.item))
                for name in ("prompt", "title")
                if shared.get(name)
            }
            own = {"tags": [*(self.tags or []), fleet.tag], "max_acu_limit": limit}
            one.fields = shared | texts | own
        return fleet

    def _share(self) -> Flow[int]:
        """Divide the total; a limit of the settings holds where it is lower."""
        usual: int | None = (yield Setting("default_acu")) or (yield Setting("max_acu"))
        share = self.max_acu_total // len(self.items)
        return share if usual is None else min(share, usual)

    def _watch(self, fleet: Fleet, end: float) -> Flow[None]:
        pauses = poll_intervals()
        while True:
            yield from fleet.look(end)
            yield from fleet.start(end)
            now: float = yield Monotonic()
            if fleet.is_done or now >= end:
                return
            yield from pause_before_look(pauses, self.settle_seconds, end - now)

    def _output(self, fleet: Fleet, waited: float) -> FannedOut:
        rows = [row_of(fleet, one, self.structured_output_schema) for one in fleet.items]
        return FannedOut(
            rows=rows,
            counts=dict(Counter(row.outcome for row in rows)),
            acus_consumed=round(sum(row.acus_consumed or 0 for row in rows), 6),
            idempotency_key=fleet.key,
            waited_seconds=round(waited, 3),
            resume_with=None if fleet.is_done else self._rest(fleet, waited),
        )

    def _rest(self, fleet: Fleet, waited: float) -> Resumption | None:
        """Return the call that goes on; there is none where it would have to hold secrets."""
        if self.session_secrets and fleet.has_open:
            return None
        arguments = self.model_dump(mode="json", exclude_unset=True, exclude={"session_secrets"})
        return self.resumption(id_of(type(self)), arguments, waited, idempotency_key=fleet.key)

    def _go_on(self, fleet: Fleet) -> str:
        named = "" if self.idempotency_key else f" That key is {fleet.key}."
        return f"Sessions were started, and go on. {AGAIN}{named}"


def _values(item: str | dict[str, Value]) -> dict[str, Value]:
    return {"item": item} if isinstance(item, str) else item
