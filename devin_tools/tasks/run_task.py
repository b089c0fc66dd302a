"""Run a task from its prompt to its outcome."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from ..api.attachments import Attachment, ListSessionAttachments
from ..api.create_session import CreateSession, NewSession
from ..api.messages import Message, messages_of
from ..api.session import CreatedSession, PullRequest, Session
from ..api.shared.fields import UNTRUSTED, Untrusted, known
from ..api.shared.once import retry_reads
from ..docstrings import own_docstring
from ..errors import DevinToolsError, Hint, InvalidArguments, what_is
from ..flow import Draw, Flow, Monotonic, Progress, Setting
from ..tool import WRITE, Output, Spending, Tool, arguments_of, perform
from .session_events import Event
from .shared.outcomes import OUTCOMES, Certainty, is_open_to_doubt, judge
from .shared.structured_output import OutputStatus, checked, is_owed, typed_fields
from .wait_session import Resumption, WaitOptions, settle

M = TypeVar("M", bound=BaseModel)

MAX_MESSAGES = 50
"""How many of Devin's messages the output holds: the latest."""


class TaskOutput(Output):
    """What became of a task."""

    outcome: Annotated[str, known(*OUTCOMES)]
    """Why the wait ended. `finished` means that Devin calls it done."""

    certainty: Certainty = "sure"
    """How sure that is. `likely`: the API no longer says whether it finished before it fell asleep, so it
    is concluded from what it left; `advice` says from what."""

    advice: str = ""
    """What a person can do now."""

    session_id: str
    """The session."""

    url: str | None = None
    """Where a person can watch it."""

    creation: Annotated[str, known("created", "adopted")]
    """Whether this call started the session, or found it started by an earlier one."""

    pull_requests: list[PullRequest] = []
    """The pull requests it opened."""

    structured_output: Annotated[Any, UNTRUSTED] = None
    """Its structured output."""

    structured_output_status: OutputStatus
    """Whether that fits the schema that was given."""

    structured_output_faults: list[Untrusted] = []
    """Where and how it does not fit."""

    messages: list[Message] = []
    """Devin's latest messages, oldest first: at most 50."""

    last_message: Untrusted | None = None
    """The last of them: what it asked, where it waits for its user."""

    attachments: list[Attachment] = []
    """The files of the session."""

    acus_consumed: float | None = None
    """ACUs spent so far: a running figure, not the billing one."""

    waited_seconds: float
    """How long this call waited."""

    resume_with: Resumption | None = None
    """The call that goes on waiting, when the task is still at work."""


class RunTask(NewSession, WaitOptions, Tool[TaskOutput]):
    """Start a session on a task, wait until it settles, and collect what it made.

    Spends ACUs; `max_acu_limit` bounds that. Calling again with the same `idempotency_key` goes on
    with the same session, whether the first call returned, failed or was killed.
    """

    effect = WRITE.billable(Spending(starts="parts", limit="max_acu_limit"))
    resource = "sessions"
    permission = "UseDevinSessions"
    keywords = (
        "do this and give me the result, run to completion, block till done, one job from beginning to "
        "end, ask and get an answer back, execute a prompt synchronously, deliver a PR, structured "
        "result, wait for the answer, wait for the result, get it done, just do it"
    )
    examples = (
        {"prompt": "Fix the flaky test in tests/test_cart.py.", "max_acu_limit": 5, "max_seconds": 45},
    )

    follow_messages: bool = False
    """Whether to tell of new messages as they come, which costs a request for each look."""

    def flow(self) -> Flow[TaskOutput]:
        """Create or adopt, wait, collect."""
        began: float = yield Monotonic()
        key = yield from self._key()
        created = yield from self._create(key, self.end(began))
        try:
            return (yield from self._follow(key, created, began))
        except DevinToolsError as error:  # what was paid for must not be lost from sight
            started = f"Session {created.session_id} was started: go on with"
            watch = f"{started} `devin-tools watch {created.session_id}`."
            error.more_hints = Hint(f"{started} devin_wait_session.", cli=watch)
            raise

    def _follow(self, key: str | None, created: CreatedSession, began: float) -> Flow[TaskOutput]:
        is_required = is_owed(self.structured_output_schema, self.structured_output_required)
        session, verdict = yield from settle(
            created.session_id, self, began, follow=self.follow_messages, is_output_required=is_required
        )
        waited = (yield Monotonic()) - began
        is_open = verdict.outcome == "still_running"
        status, faults = checked(session.structured_output, self.structured_output_schema)
        soon = self.read_deadline(began + waited)
        messages = yield from retry_reads(lambda: messages_of(session.session_id), soon)
        if is_open_to_doubt(verdict) or verdict.outcome == "ended":
            verdict = judge(session, is_output_required=is_required, messages=messages) or verdict
        said = [message for message in messages if message.source == "devin"][-MAX_MESSAGES:]
        attachments = yield from retry_reads(ListSessionAttachments(session_id=session.session_id).flow, soon)
        return TaskOutput(
            outcome=verdict.outcome,
            certainty=verdict.certainty,
            advice=verdict.advice,
            session_id=created.session_id,
            url=session.url,
            creation=created.creation,
            pull_requests=session.pull_requests,
            structured_output=session.structured_output,
            structured_output_status=status,
            structured_output_faults=faults,
            messages=said,
            last_message=said[-1].message if said else None,
            attachments=attachments.attachments,
            acus_consumed=session.acus_consumed,
            waited_seconds=round(waited, 3),
            resume_with=self._rest(key, created, waited) if is_open else None,
        )

    def _key(self) -> Flow[str | None]:
        """Choose the name by which a later call finds the session; `None` where there is none."""
        if self.idempotency_key is not None or not self.has_room_for_tag:
            return self.idempotency_key
        bits: int = yield Draw()
        return f"{bits:032x}" if (yield Setting("tag_creates")) else None

    def _create(self, key: str | None, end: float) -> Flow[CreatedSession]:
        call = CreateSession(**arguments_of(self, NewSession) | ({"idempotency_key": key} if key else {}))
        created = yield from perform(call, end=end)
        yield Progress(created.creation, Event(kind="status", session=created))
        return created

    def _rest(self, key: str | None, session: Session, waited: float) -> Resumption:
        if key is None:
            arguments = {"session_id": session.session_id} | arguments_of(self, WaitOptions)
            return self.resumption("devin_wait_session", arguments, waited)
        arguments = self.model_dump(exclude_unset=True, exclude={"session_secrets"})
        return self.resumption("devin_run_task", arguments, waited, idempotency_key=key)


class TypedTaskOutput(TaskOutput, Generic[M]):
    """What became of a task whose structured output is a pydantic model."""

    value: M | None = None
    """The structured output as an instance of the model, when it is valid."""


def expecting(model: type[M], **fields: Any) -> Tool[TypedTaskOutput[M]]:
    """Make a `RunTask` call whose structured output comes back as an instance of a pydantic model.

    `fields` are those of `RunTask`. Raises `InvalidArguments` when they do not fit.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise InvalidArguments(
            f"The output to expect is a class of pydantic, and this is {what_is(model)}.",
            hint="Derive it from pydantic.BaseModel; RunTask takes a schema as structured_output_schema.",
        )
    call = _typed(model)(structured_output_schema=model.model_json_schema(), **fields)
    return cast(Tool[TypedTaskOutput[M]], call)


@cache
def _typed(model: type[BaseModel]) -> type[RunTask]:
    def flow(self: RunTask) -> Flow[Any]:
        output = yield from RunTask.flow(self)
        return TypedTaskOutput[model](**typed_fields(output, model, "value"))  # type: ignore[valid-type]

    body = {"__module__": __name__, "__doc__": own_docstring(RunTask), "flow": flow}
    return type("RunTask", (RunTask,), body)
