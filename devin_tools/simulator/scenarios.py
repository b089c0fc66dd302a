"""What happens to a session over time: each scenario is a table of steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from .refusal import Refusal
from .world import ScenarioStep, SessionRecord, World

IDLE_SECONDS = 30 * 60.0
"""A session that waits or is done falls asleep after this (the vendor's default)."""

QUOTA_HOLDS = frozenset({"out_of_credits", "usage_limit_exceeded"})

INHERITED = ("repos", "create_as_user_id")
"""What a spawned session takes over from its parent."""

Act = Callable[[World, SessionRecord], None]


def state(status: str, detail: str | None = None) -> Act:
    """Move the session to a state."""
    return lambda world, record: world.set_state(record, status, detail)


def says(text: str) -> Act:
    """Add a message of Devin's."""
    return lambda world, record: world.say(record, "devin", text)


def gets_a_title(world: World, record: SessionRecord) -> None:
    """Set a title of the session, unless it came with one."""
    record.title = record.title or " ".join(record.prompt.split()[:8])
    record.category = "bug_fixing" if "fix" in record.prompt.lower() else "feature_development"


def opens_a_pull_request(world: World, record: SessionRecord) -> None:
    """Open a pull request in the session's first repository."""
    given = (record.asked.get("repos") or ["acme/shop"])[0]
    repo = "/".join(given.removesuffix(".git").split("/")[-2:])
    number = 100 * record.number + len(record.pull_requests) + 1
    url = f"https://github.com/{repo}/pull/{number}"
    record.pull_requests.append({"pr_url": url, "pr_state": "open", "created_at": record.updated_at})


def gets_merged(world: World, record: SessionRecord) -> None:
    """Merge the open pull requests, as a person would."""
    for pull_request in record.pull_requests:
        pull_request |= {"pr_state": "merged", "closed_at": record.updated_at}


def spawns(world: World, record: SessionRecord) -> None:
    """Start a session for each half of the task."""
    for part in ("code", "tests"):
        asked = {name: record.asked.get(name) for name in INHERITED} | {"title": f"The {part}"}
        child = begin(world, f"Do the {part} of: {record.prompt}", "finishes", record.updated_at, asked)
        child.parent, child.service_user_id = record.session_id, record.service_user_id
        record.children.append(child.session_id)


def attaches_a_report(world: World, record: SessionRecord) -> None:
    """Leave a file."""
    file_id = world.new_id()
    report = f"All tests pass.\nTask: {record.prompt}\n"
    world.files.keep(str(UUID(file_id)), "test-report.txt", report.encode(), "text/plain")
    record.attachments.append(
        {
            "attachment_id": f"att-{file_id[:12]}",
            "name": "test-report.txt",
            "url": f"https://app.devin.ai/attachments/{UUID(file_id)}/test-report.txt",
            "source": "devin",
            "content_type": "text/plain",
        }
    )


def delivers(world: World, record: SessionRecord) -> None:
    """Deliver structured output that fits the schema, when one was asked for."""
    schema = record.asked.get("structured_output_schema")
    if schema is not None:
        from .schema_sample import sample_value  # here, as most sessions are asked for no structured output

        record.structured_output = sample_value(schema)


START = (
    ScenarioStep(0, state("new")),
    ScenarioStep(1, state("claimed")),
    ScenarioStep(2, gets_a_title),
    ScenarioStep(0, state("running", "working")),
)
FALL_ASLEEP = (ScenarioStep(IDLE_SECONDS, state("suspended", "inactivity")),)
DELIVERY = (
    ScenarioStep(20, says("I found the cause and am testing a fix.")),
    ScenarioStep(30, opens_a_pull_request),
    ScenarioStep(5, attaches_a_report),
    ScenarioStep(2, delivers),
    ScenarioStep(1, says("Done: the pull request is open and its tests pass.")),
)
WORK = (*DELIVERY, ScenarioStep(0, state("running", "finished")), *FALL_ASLEEP)
ANSWER = (
    ScenarioStep(10, says("Thank you, I will go on with that.")),
    *WORK,
)

SCENARIOS: dict[str, tuple[str, tuple[ScenarioStep, ...]]] = {
    "finishes": ("works, opens a pull request, delivers structured output, is done", (*START, *WORK)),
    "asks": (
        "works, asks the user a question, and goes on when it is answered",
        (
            *START,
            ScenarioStep(15, says("Which database should the tests use: the local one or staging?")),
            ScenarioStep(0, state("running", "waiting_for_user")),
            *FALL_ASLEEP,
        ),
    ),
    "approval": (
        "stops for an approval, which a person gives in the web app two minutes later",
        (
            *START,
            ScenarioStep(15, state("running", "waiting_for_approval")),
            ScenarioStep(120, state("running", "working")),
            *WORK,
        ),
    ),
    "sleeps": (
        "falls asleep while working; a message wakes it",
        (*START, ScenarioStep(15, state("suspended", "inactivity"))),
    ),
    "runs_out": (
        "stops because the credits are spent",
        (*START, ScenarioStep(15, state("suspended", "out_of_credits"))),
    ),
    "fails": ("ends with an error", (*START, ScenarioStep(15, state("error", "error")))),
    "delegates": (
        "spawns two sessions, which finish, and is done after them",
        (
            *START,
            ScenarioStep(10, spawns),
            ScenarioStep(120, says("Both parts are done.")),
            ScenarioStep(0, state("running", "finished")),
            *FALL_ASLEEP,
        ),
    ),
    "merges": (
        "as `finishes`, and a person merges the pull request ten minutes later",
        (
            *START,
            *DELIVERY,
            ScenarioStep(0, state("running", "finished")),
            ScenarioStep(600, gets_merged),
            *FALL_ASLEEP,
        ),
    ),
    "toils": (
        "works for eight hours, then delivers and is done",
        (*START, ScenarioStep(8 * 3600, says("The tests of the night have run.")), *WORK),
    ),
    "exits": (
        "delivers, then ends for good",
        (*START, *DELIVERY, ScenarioStep(0, state("exit", "finished"))),
    ),
}


def scenario_of(prompt: str, default: str) -> str:
    """Choose the scenario: `#simulate:NAME` in the prompt, or the default."""
    marked = re.search(r"#simulate:(\w+)", prompt)
    name = marked[1] if marked else default
    if name not in SCENARIOS:
        raise Refusal(400, f"The simulator has no such scenario; it knows {', '.join(SCENARIOS)}.")
    return name


def begin(world: World, prompt: str, scenario: str, at: float, asked: dict[str, Any]) -> SessionRecord:
    """Start the life of a new session."""
    record = world.begin(prompt, scenario, at, asked)
    steps = SCENARIOS[scenario][1]
    steps[0].act(world, record)
    world.play(record, steps[1:])
    return record


def wake(world: World, record: SessionRecord) -> None:
    """Apply the effect of a message: answer a question, resume a suspended session, extend finished work.

    An approval is a person's, given in the web app: no message stands in for it.
    """
    if record.is_archived or record.status_detail in QUOTA_HOLDS:
        return
    if record.status == "suspended":
        world.set_state(record, "resuming")
        world.play(record, (ScenarioStep(5, state("running", "working")), *ANSWER))
    elif record.status == "running" and record.status_detail in ("waiting_for_user", "finished"):
        world.set_state(record, "running", "working")
        world.play(record, ANSWER)
