"""The main job, step by step: hand Devin a task, follow it, collect what it made.

The steps are the same against the simulator and the real API; only the client differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..api import Session
from ..catalog import Catalog
from ..client.clients import Client
from ..errors import DevinToolsError
from ..flow import Flow, Monotonic, Pause
from ..tool import Output

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "summary": {"type": "string", "minLength": 1, "description": "What was done, in one sentence."},
        "is_done": {"type": "boolean", "description": "Whether the task is done."},
    },
    "required": ["summary", "is_done"],
}
"""What the structured output of the demo must look like."""

ENDED = frozenset({"exit", "error", "suspended"})
"""Nothing more happens by itself. States nobody knows yet are watched until the deadline."""

TAGS = ("devin-tools-demo",)
MORE_TAGS = ("demo-done",)
MAX_ANSWERS = 3


@dataclass(frozen=True)
class Task:
    """What Devin is asked to do, what it is told when it asks, and what it may cost."""

    prompt: str
    answer: str
    repos: tuple[str, ...] = ()
    max_acu_limit: int = 2
    seconds_between: float = 5.0
    """How long to wait between two looks at the session."""
    deadline: float = 1800.0
    """How long to watch, in seconds, before the session is left alone."""


@dataclass
class Findings:
    """What the demo has seen happen."""

    session: Session | None = None
    answers: int = 0
    messages: int = 0
    attachments: int = 0
    structured_output: str = "is missing"
    tags: list[str] = field(default_factory=list)
    is_archived: bool = False

    @property
    def is_finished(self) -> bool:
        """Whether the session did its work."""
        session = self.session
        done = session and (session.status == "exit" or session.status_detail == "finished")
        return bool(done)

    def in_words(self) -> str:
        """Return in one line what was proven."""
        if self.session is None:
            return "no session was created."
        asked = "asked, was answered, " if self.answers else ""
        ended = "finished" if self.is_finished else f"did not finish ({state_of(self.session)})"
        parts = [
            f"session {self.session.session_id} {asked}{ended}",
            *(f"pull request {item.pr_url}" for item in self.session.pull_requests),
            f"structured output {self.structured_output}",
            f"messages read: {self.messages}, attachments: {self.attachments}",
            f"tags {', '.join(self.tags)}",
            "archived" if self.is_archived else "not archived",
        ]
        return "; ".join(parts) + "."


def pause(seconds: float) -> Flow[None]:
    """Let time pass, on whichever clock the client has."""
    yield Pause(seconds)


def now() -> Flow[float]:
    """Ask the client's clock."""
    return float((yield Monotonic()))


def state_of(session: Session) -> str:
    """Return a session's state in a word or two."""
    return ", ".join(word for word in (session.status, session.status_detail) if word) or "unknown"


def has_settled(session: Session) -> bool:
    """Return whether the session is done, or stays as it is until somebody acts."""
    return session.status in ENDED or (session.status, session.status_detail) == ("running", "finished")


class Demo:
    """One run of the main job. `say` prints a line, `show` prints JSON under a label."""

    def __init__(
        self,
        client: Client,
        catalog: Catalog,
        task: Task,
        say: Callable[[str], None],
        show: Callable[[str, Any], None],
    ):
        self.client, self.catalog, self.task = client, catalog, task
        self.say, self.show = say, show
        self.findings = Findings()
        self._started = client.drive(now())
        self._steps = 0

    def run(self) -> Findings:
        """Perform every step, and give what was seen."""
        session = self._create()
        while self._waits_for_answer(session := self._watch(session)):
            if self.findings.answers == MAX_ANSWERS:
                break
            self._answer(session)
        self._collect(session)
        self._tag(session)
        if has_settled(session):
            self.step("devin_archive_session", session_id=session.session_id)
            self.findings.is_archived = True
        return self.findings

    def step(self, name: str, **arguments: Any) -> Any:
        """Run one tool, and print what goes in and what comes out."""
        self._announce(name, arguments)
        output = self._run(name, arguments)
        self.show("output", output.model_dump(mode="json"))
        return output

    def _announce(self, name: str, arguments: dict[str, Any], note: str = "") -> None:
        self._steps += 1
        self.say(f"\n{self._steps}. {name}{note}")
        self.show("input", arguments)

    def _run(self, name: str, arguments: dict[str, Any]) -> Output:
        output: Output = self.client.run(self.catalog.call(name, arguments), confirm=True)
        return output

    def _create(self) -> Session:
        task = self.task
        session: Session = self.step(
            "devin_create_session",
            prompt=task.prompt,
            tags=list(TAGS),
            max_acu_limit=task.max_acu_limit,
            structured_output_schema=SCHEMA,
            **({"repos": list(task.repos)} if task.repos else {}),
        )
        self.findings.session = session
        self.say(f"\nWatch it at {session.url}")
        return session

    def _watch(self, session: Session) -> Session:
        """Look at the session again and again until it settles, asks, or the deadline comes."""
        arguments = {"session_id": session.session_id}
        note = f", every {self.task.seconds_between:g} seconds until something is to be done"
        self._announce("devin_get_session", arguments, note)
        shown = ""
        while True:
            session = self._look(session, arguments)
            if state_of(session) != shown:
                shown = state_of(session)
                self.say(f"   {self._clock()}  {shown}")
                self._mention_approval(session)
            if has_settled(session) or self._waits_for_answer(session) or self._is_late():
                self.show("output", session.model_dump(mode="json"))
                return session
            self.client.drive(pause(self.task.seconds_between))

    def _look(self, session: Session, arguments: dict[str, Any]) -> Session:
        """Read the session; a fault that may pass costs one look, not the demo."""
        try:
            session = self.client.run(self.catalog.call("devin_get_session", arguments))
        except DevinToolsError as error:
            if not error.retryable:
                raise
            self.say(f"   {self._clock()}  {error.message}")
        self.findings.session = session
        return session

    def _waits_for_answer(self, session: Session) -> bool:
        """Return whether the last word is Devin's: right after an answer the old state still shows."""
        if (session.status, session.status_detail) != ("running", "waiting_for_user"):
            return False
        call = self.catalog.call("devin_list_session_messages", {"session_id": session.session_id})
        sources = [message.source for message in self.client.items(call)]
        return bool(sources) and sources[-1] == "devin"

    def _mention_approval(self, session: Session) -> None:
        if session.status_detail == "waiting_for_approval":
            self.say(f"          approve it at {session.url}")

    def _is_late(self) -> bool:
        return self._elapsed() >= self.task.deadline

    def _elapsed(self) -> float:
        return self.client.drive(now()) - self._started

    def _clock(self) -> str:
        minutes, seconds = divmod(int(self._elapsed()), 60)
        return f"{minutes:02}:{seconds:02}"

    def _messages(self, session: Session) -> list[Any]:
        """Read every message, page by page."""
        arguments: dict[str, Any] = {"session_id": session.session_id}
        page = self.step("devin_list_session_messages", **arguments)
        messages = page.items
        while page.has_next_page and page.end_cursor:
            page = self.step("devin_list_session_messages", **arguments, after=page.end_cursor)
            messages += page.items
        return list(messages)

    def _answer(self, session: Session) -> None:
        question = self._messages(session)[-1]
        self.say(f"\nDevin asks: {question.message}\nThe answer: {self.task.answer}")
        self.step("devin_send_message", session_id=session.session_id, message=self.task.answer)
        self.findings.answers += 1

    def _collect(self, session: Session) -> None:
        """Read what the session made. `finished` can show before its pull request is listed."""
        self.client.drive(pause(self.task.seconds_between))
        found, session_id = self.findings, session.session_id
        found.messages = len(self._messages(session))
        found.session = self.step("devin_get_session", session_id=session_id)
        for item in found.session.pull_requests:
            self.say(f"\nPull request: {item.pr_url} ({item.pr_state or 'state unknown'})")
        found.structured_output = _judged(found.session.structured_output)
        self.say(f"\nThe structured output {found.structured_output}.")
        attachments = self.step("devin_list_session_attachments", session_id=session_id)
        found.attachments = len(attachments.items)

    def _tag(self, session: Session) -> None:
        session_id = session.session_id
        self.step("devin_append_session_tags", session_id=session_id, tags=list(MORE_TAGS))
        self.findings.tags = self.step("devin_get_session_tags", session_id=session_id).tags


def _judged(value: dict[str, Any] | None) -> str:
    """Return whether a structured output fits the schema that was asked for."""
    if value is None:
        return "is missing"
    from jsonschema import Draft7Validator

    faults = [f"{error.json_path}: {error.validator}" for error in Draft7Validator(SCHEMA).iter_errors(value)]
    return f"does not fit its schema ({'; '.join(faults)})" if faults else "fits its schema"
