"""`demo`: the main job, step by step, against the embedded simulator or the API.

A dry run, then one session: it gets a task, is answered when it asks, is tagged and archived.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import click

from ...errors import DevinToolsError, UsageError
from ...flow import Flow, Pause
from ...tasks.session_events import Event
from ...text.visible import visible
from ...tool import Output
from ..consent import require_consent
from ..options import Options, connect
from ..session_tracker import state_of
from ..shared_options import COUNT, Finite, option
from ..terminal import as_json, clock, for_people, tell

if TYPE_CHECKING:
    from ...api.messages import Message
    from ...api.session import Session
    from ...catalog import Catalog
    from ...client import Client
    from ...tasks.run_task import TaskOutput

PROMPT = "Fix the flaky test in tests/test_cart.py and open a pull request. Ask when a choice is mine."
ANSWER = "The local one, please."
LIVE_PROMPT = (
    "Write a haiku about continuous integration. Ask me once, before you start, whether it should be "
    "cheerful or gloomy, and wait for the answer. Then put the haiku into the summary of the structured "
    "output. Touch no repository and open no pull request."
)
LIVE_ANSWER = "Cheerful, please."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "summary": {"type": "string", "minLength": 1, "description": "What was done, in one sentence."},
        "is_done": {"type": "boolean", "description": "Whether the task is done."},
    },
    "required": ["summary", "is_done"],
}
FITS = {"valid": "fits its schema", "missing": "is missing", "invalid": "does not fit its schema"}

MAX_ANSWERS = 3
WATCHED = ("waiting_for_approval", "still_running")
"""Outcomes that may change by themselves; with time left, `still_running` is a status nobody knows yet."""
PAUSE = 15.0
"""Seconds before such a session is looked at again."""

LONGEST_TEXT = 160
LONGEST_LIST = 5


class Demo:
    """One run of the main job, which prints each tool with its input and output."""

    def __init__(self, client: Client, catalog: Catalog, task: dict[str, Any], answer: str, seconds: float):
        self._client, self._catalog, self._answer = client, catalog, answer
        self._tag = f"devin-tools-demo-{secrets.token_hex(8)}"
        given = {"tags": ["devin-tools-demo", self._tag], "idempotency_key": self._tag}
        self._task = task | given | {"structured_output_schema": SCHEMA}
        self._began = client.now()
        self._end = self._began + seconds
        self._steps = self._calls = self.answers = 0
        self._state = ""
        self._answered: Message | None = None
        self.session: Session | None = None
        """As last seen."""
        self.is_finished = self.is_archived = False

    def run(self) -> str:
        """Perform every step, and return in one line what was seen."""
        self._announce("devin_run_task", self._task, ": a dry run, which sends nothing")
        _show("output", self._client.preview(self._catalog.call("devin_run_task", self._task)))
        output = self._work()
        session = {"session_id": output.session_id}
        while output.outcome == "waiting_for_user" and self.answers < MAX_ANSWERS:
            question = output.messages[-1] if output.messages else None
            if self.answers and question == self._answered:  # the time is up, and it still shows
                break
            _say(f"\nDevin asks: {question.message if question else ''}\nThe answer: {self._answer}")
            self._step("devin_send_message", session | {"message": self._answer})
            self.answers += 1
            self._answered = question
            output = self._work()
        tags = self._step("devin_append_session_tags", session | {"tags": ["demo-done"]}).tags
        started = len(self._step("devin_list_sessions", {"tags": [self._tag]}).sessions)
        if output.outcome not in ("waiting_for_user", *WATCHED):
            self._step("devin_archive_session", session)
            self.is_archived = True
        self.is_finished = output.outcome == "finished"
        asked = "asked, was answered, " if self.answers else ""
        ended = "finished" if self.is_finished else f"did not finish ({self._state})"
        parts = [
            f"session {output.session_id} {asked}{ended}",
            *(f"pull request {item.pr_url}" for item in output.pull_requests),
            f"structured output {FITS[output.structured_output_status]}",
            f"messages from Devin: {len(output.messages)}, attachments: {len(output.attachments)}",
            f"tags {', '.join(tags)}",
            "archived" if self.is_archived else "not archived",
            f"a dry run and devin_run_task x {self._calls} with one key: "
            + ("1 session, billed once" if started == 1 else f"{started} sessions"),
        ]
        return "; ".join(parts) + "."

    def _work(self) -> TaskOutput:
        """Start the task, or go on with it, until it settles for good, asks, or the time is up."""
        self._announce("devin_run_task", self._task)
        while True:
            left = max(1.0, self._end - self._client.now())
            call = self._catalog.call("devin_run_task", self._task | {"timeout_seconds": left})
            self._calls += 1
            output: Any = None
            for progress in self._client.events(call, confirm=True):
                output = progress.value  # the last one is the output of the call
                if isinstance(output, Event):
                    self._note(output.session)
            # Right after an answer the API can still show the state before, and the question last.
            is_stale = output.outcome == "waiting_for_user" and output.messages[-1:] == [self._answered]
            if not (is_stale or output.outcome in WATCHED) or self._client.now() >= self._end:
                _show("output", output)
                return cast("TaskOutput", output)
            self._client.drive(_pause())

    def _note(self, session: Session) -> None:
        """Print a session's state when it is a new one."""
        if self.session is None:
            _say(f"   watch it at {session.url}")
        self.session = session
        if state_of(session) != self._state:
            self._state = state_of(session)
            _say(f"   {clock(self._client.now() - self._began)}  {self._state}")
            if session.status_detail == "waiting_for_approval":
                _say(f"          approve it at {session.url}")

    def _step(self, name: str, arguments: dict[str, Any]) -> Any:
        """Run one tool, and print what goes in and what comes out."""
        self._announce(name, arguments)
        output = self._client.run(self._catalog.call(name, arguments), confirm=True)
        _show("output", output)
        return output

    def _announce(self, name: str, arguments: dict[str, Any], note: str = "") -> None:
        self._steps += 1
        _say(f"\n{self._steps}. {name}{note}")
        _show("input", arguments)


def _pause() -> Flow[None]:
    yield Pause(PAUSE)


def _say(text: str) -> None:
    click.echo(visible(text))


def _show(label: str, value: Any) -> None:
    """Print JSON: all of it in a pipe, the telling part of it for a person."""
    value = value.model_dump(mode="json") if isinstance(value, Output) else value
    click.echo(f"{label}: {as_json(abbreviated(value) if for_people() else value, 2)}")


def abbreviated(value: Any) -> Any:
    """Shorten a JSON value: no empty fields, no long texts, no long lists."""
    if isinstance(value, dict):
        return {name: abbreviated(item) for name, item in value.items() if item not in (None, [], {})}
    if isinstance(value, list):
        rest = len(value) - LONGEST_LIST
        return [*map(abbreviated, value[:LONGEST_LIST]), *([f"... and {rest} more"] if rest > 0 else [])]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}..."
    return value


@click.command("demo")
@click.option("--live", is_flag=True, help="Use the real API. This spends ACUs; it asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--prompt", help="Another task.")
@click.option("--repo", "repos", multiple=True, metavar="OWNER/REPO", help="Where to work; repeatable.")
@click.option("--answer", help="What to say when Devin asks.")
@option("--max-acu", "max_acu_limit", type=COUNT, default=2, help="The most to spend.")
@click.option("--every", type=Finite(0.01), hidden=True, expose_value=False)  # up to 0.1; remove with 0.3
@option("--deadline", type=Finite(0), default=30, help="Minutes to watch.")
@click.pass_obj
def command(
    options: Options, /, live: bool, yes: bool, prompt: str | None, answer: str | None, deadline: float,
    max_acu_limit: int, repos: tuple[str, ...],
) -> None:  # fmt: skip
    """Run the main job: a task from its prompt to its outcome.

    Against the embedded simulator, in virtual time; with --live against the API. Nothing is
    terminated: a session that takes longer than the deadline goes on by itself.
    """
    if live and options.simulate:
        raise UsageError("--live and --simulate exclude each other.", hint="Leave one of them out.")
    if not live:
        options = replace(options, simulate=True, scenario="asks")
    where = options.settings.base_url if live else "the embedded simulator; no request leaves this machine"
    click.echo(f"devin-tools demo against {where}")
    task: dict[str, Any] = {"prompt": prompt or (LIVE_PROMPT if live else PROMPT)}
    task |= {"max_acu_limit": max_acu_limit} | ({"repos": list(repos)} if repos else {})
    reply = answer or (LIVE_ANSWER if live else ANSWER)
    with connect(options) as client:
        if live:
            where = options.settings.org_id or "the organisation of the key"
            click.echo(f"This starts one real session in {where}. It may spend up to {max_acu_limit} ACU(s);")
            click.echo(f"nothing here ends it early.\nThe task: {task['prompt']}")
            require_consent("Start it?", given=yes)
        demo = Demo(client, options.catalog, task, reply, deadline * 60)
        try:
            seen = demo.run()
        except (DevinToolsError, KeyboardInterrupt):
            if demo.session is not None:
                tell("note", f"The session goes on by itself: {demo.session.url or demo.session.session_id}")
            raise
    click.echo(f"\n{'Proven' if demo.is_finished else 'Seen'}: {visible(seen)}")
    if not demo.is_finished:
        raise DevinToolsError(
            "The session did not finish.", hint="Follow it with `devin-tools call devin_get_session`."
        )
