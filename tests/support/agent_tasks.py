"""Ten tasks that an agent finishes with tools that it has to find, and a scripted model that does them.

The model knows what a model is shown: a list of tools, and the answers to its calls. It calls no tool that is
neither in that list nor among what it found, gives only arguments that the schema shown to it takes, and has
every id from an answer. A door (`Door`) is a way to offer the tools; there is one for each form of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from jsonschema import Draft202012Validator
from support.simulated_api import simulated
from support.tools import built_in

from devin_tools import Client, Simulator

__all__ = ["TASKS", "Answer", "Door", "Shown", "Step", "Task", "is_done", "perform", "world"]

Output = dict[str, Any]
Outputs = list[Output]
Look = Callable[..., Output]
"""Runs a tool, by its name without `devin_`, as a person does who looks at what became of a task."""


@dataclass(frozen=True)
class Shown:
    """A tool as a model sees it: the call that runs it, and the schema of its arguments."""

    schema: Mapping[str, Any]
    call_with: str
    """The tool to call: itself, or one that takes its name and its arguments."""

    def call(self, name: str, arguments: Output) -> tuple[str, Output]:
        """Return the name and the arguments to call it with, as this was shown."""
        if self.call_with == name:
            return name, arguments
        return self.call_with, {"name": name, "arguments": arguments}


@dataclass(frozen=True)
class Answer:
    """What a model reads of a call: the output, or the object of an error."""

    content: Output
    is_error: bool = False


class Door(Protocol):
    """A way to offer tools to a model."""

    def shown(self) -> Mapping[str, Shown]:
        """Return the tools that a model is shown at once, by name."""

    def find(self, query: str) -> Mapping[str, Shown]:
        """Call the find tool; return what a model sees of the tools that it found."""

    def call(self, name: str, arguments: Output, *, agrees: bool | None) -> Answer:
        """Call a tool by a name that the model was shown. A person who is asked agrees, or does not."""


@dataclass(frozen=True)
class Step:
    """One call of a task."""

    tool: str
    """The tool that is called in the end, whatever it is called with."""
    arguments: Callable[[Outputs], Output] = lambda _: {}
    """Makes its arguments of the answers to the steps before."""
    query: str | None = None
    """What the model asks the find tool for, unless it knows the tool by then from what it was shown."""
    error: str | None = None
    """The kind of error that this call meets, which the next step recovers from."""
    agrees: bool | None = None
    """What a person says who is asked whether this call may be run. `None`: nobody is asked."""
    goes_on: bool = False
    """Whether it is the call that the answer before gives as `resume_with`."""


@dataclass(frozen=True)
class Task:
    """What somebody wants, the calls that it takes, and what is so in the end."""

    area: str
    request: str
    steps: tuple[Step, ...]
    holds: Callable[[Look, Outputs], bool]
    """Whether the task is done, by what is in the world and the answers to the steps."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the client that runs the model's calls."""


def perform(task: Task, door: Door) -> Outputs:
    """Do a task as a model would, and return the answers; raise `AssertionError` where it could not go on."""
    known = dict(door.shown())
    outputs: Outputs = []
    for step in task.steps:
        if step.goes_on:
            rest = outputs[-1]["resume_with"]
            name, arguments = rest["name"], rest["arguments"]
            assert name in known, f"{task.area}: to go on it has to call {name}, which it was not shown"
        else:
            if step.tool not in known and step.query is not None:
                known |= door.find(step.query)
            assert step.tool in known, f"{task.area}: {step.query!r} does not find {step.tool}"
            given = step.arguments(outputs)
            Draft202012Validator(known[step.tool].schema).validate(given)
            name, arguments = known[step.tool].call(step.tool, given)
        said = door.call(name, arguments, agrees=step.agrees)
        kind = said.content["error"]["kind"] if said.is_error else None
        assert kind == step.error, f"{task.area}: {step.tool} answered {said.content}"
        outputs.append(said.content)
    return outputs


def world() -> Simulator:
    """Return the world in which each task begins."""
    return simulated(sessions=8)


def is_done(task: Task, simulator: Simulator, outputs: Outputs) -> bool:
    """Return whether a task that was performed in a world is done."""
    with Client(**simulator.connection(), guards=()) as client:

        def look(tool: str, **arguments: Any) -> Output:
            output: Output = client.run(built_in().call(f"devin_{tool}", arguments)).model_dump(mode="json")
            return output

        return task.holds(look, outputs)


def _of(rows: list[Output], name: str, /, **having: Any) -> Any:
    """Return a value of the one row that has these."""
    (row,) = (row for row in rows if having.items() <= row.items())
    return row[name]


def _secret(outputs: Outputs) -> Output:
    return {"secret_id": _of(outputs[0]["secrets"], "secret_id", key="SAMPLE_TOKEN")}


SHOP = {"repository_path": "acme/shop"}
REVIEW = {"pr_url": "https://github.com/acme/shop/pull/1"}

TASKS = (
    Task(
        "secrets",
        "Remove the sample token from our secrets, and check that it is gone.",
        (
            Step("devin_list_secrets", query="list the secrets that are stored"),
            Step("devin_delete_secret", _secret, query="delete a secret", error="refused", agrees=False),
            Step("devin_delete_secret", _secret, agrees=True),
            Step("devin_list_secrets"),
        ),
        lambda look, outputs: not outputs[-1]["secrets"] and not look("list_secrets")["secrets"],
        settings={"confirm": True},
    ),
    Task(
        "knowledge",
        "Note in the payments folder that refunds need two approvals, and pin the note to acme/billing.",
        (
            Step("devin_list_knowledge_folders", query="list the folders of knowledge"),
            Step(
                "devin_create_knowledge_note",
                lambda outputs: {
                    "name": "Refunds",
                    "body": "A refund needs two approvals.",
                    "trigger": "When changing refunds",
                    "folder_id": _of(outputs[0]["folders"], "folder_id", name="Payments"),
                },
                query="create a knowledge note",
            ),
            Step(
                "devin_update_knowledge_note",
                lambda outputs: {"note_id": outputs[1]["note_id"], "pinned_repo": "acme/billing"},
                query="update a knowledge note",
            ),
            Step(
                "devin_get_knowledge_note",
                lambda outputs: {"note_id": outputs[1]["note_id"]},
                query="get a knowledge note",
            ),
        ),
        lambda look, outputs: (
            _of(
                look("list_knowledge_notes")["notes"],
                "folder_path",
                name="Refunds",
                pinned_repo="acme/billing",
            )
            == "/Engineering/Payments"
        ),
    ),
    Task(
        "playbooks",
        "Look through our playbooks one by one, and start a session on acme/shop with the one for incidents.",
        (
            Step("devin_list_playbooks", lambda _: {"limit": 1}, query="list playbooks"),
            Step("devin_list_playbooks", lambda outputs: {"limit": 1, "after": outputs[0]["end_cursor"]}),
            Step(
                "devin_get_playbook",
                lambda outputs: {"playbook_id": outputs[1]["playbooks"][0]["playbook_id"]},
                query="read a playbook",
            ),
            Step(
                "devin_create_session",
                lambda outputs: {
                    "prompt": "The shop is down. Find out why.",
                    "playbook_id": outputs[2]["playbook_id"],
                    "repos": ["acme/shop"],
                    "max_acu_limit": 5,
                },
            ),
        ),
        lambda look, outputs: (
            outputs[2]["title"] == "Answer an incident"
            and not outputs[1]["has_next_page"]
            and look("get_session", session_id=outputs[3]["session_id"])["playbook_id"]
            == outputs[2]["playbook_id"]
        ),
    ),
    Task(
        "schedules",
        "Our weekly dependency check fails again and again: show me its last error, and delete it.",
        (
            Step("devin_list_schedules", query="list schedules"),
            Step(
                "devin_get_schedule",
                lambda outputs: {
                    "schedule_id": _of(
                        outputs[0]["schedules"], "scheduled_session_id", name="Weekly dependency check"
                    )
                },
                query="get a schedule",
            ),
            Step(
                "devin_delete_schedule",
                lambda outputs: {"schedule_id": outputs[1]["scheduled_session_id"]},
                query="delete a schedule",
            ),
        ),
        lambda look, outputs: (
            outputs[1]["last_error_message"] == "No quota left"
            and outputs[1]["scheduled_session_id"]
            not in {row["scheduled_session_id"] for row in look("list_schedules")["schedules"]}
        ),
    ),
    Task(
        "sessions",
        "Start two sessions, one for the tests and one for the docs, and wait until both are done.",
        (
            Step("devin_create_session", lambda _: {"prompt": "Write the tests.", "max_acu_limit": 5}),
            Step("devin_create_session", lambda _: {"prompt": "Write the docs.", "max_acu_limit": 5}),
            Step(
                "devin_wait_sessions",
                lambda outputs: {
                    "session_ids": [made["session_id"] for made in outputs[:2]],
                    "max_seconds": 60,
                },
                query="wait until several sessions have settled",
            ),
            Step("devin_wait_sessions", goes_on=True),
            Step(
                "devin_get_session_insights",
                lambda outputs: {"session_id": outputs[0]["session_id"]},
                query="insights of one session",
            ),
        ),
        lambda look, outputs: (
            outputs[2]["resume_with"] is not None
            and outputs[3]["resume_with"] is None
            and all(
                look("get_session", session_id=made["session_id"])["status_detail"] == "finished"
                for made in outputs[:2]
            )
        ),
    ),
    Task(
        "code scans",
        "Which holes did the last scan of acme/shop find? Look at all, two at a time; have the first fixed.",
        (
            Step("devin_list_code_scans", lambda _: {"repo_name": "acme/shop"}, query="list code scans"),
            Step(
                "devin_list_code_scan_findings",
                lambda outputs: {"scan_id": outputs[0]["scans"][0]["scan_id"], "limit": 2},
                query="list the findings of a code scan",
            ),
            Step(
                "devin_list_code_scan_findings",
                lambda outputs: {
                    "scan_id": outputs[0]["scans"][0]["scan_id"],
                    "limit": 2,
                    "after": outputs[1]["end_cursor"],
                },
            ),
            Step(
                "devin_remediate_finding",
                lambda outputs: {name: outputs[1]["findings"][0][name] for name in ("scan_id", "finding_id")},
                query="remediate a finding",
            ),
        ),
        lambda look, outputs: (
            len({row["finding_id"] for page in outputs[1:3] for row in page["findings"]}) == 3
            and _of(
                look("list_code_scan_findings")["findings"],
                "session_id",
                finding_id=outputs[1]["findings"][0]["finding_id"],
            )
            == outputs[3]["session_id"]
        ),
    ),
    Task(
        "builds",
        "Start a build of the machine. No, stop it again; is the one before still there?",
        (
            Step("devin_start_build", query="start a build"),
            Step(
                "devin_cancel_build",
                lambda outputs: {"build_id": outputs[0]["build_id"]},
                query="cancel a build",
            ),
            Step("devin_list_builds", query="list builds"),
            Step(
                "devin_get_build",
                lambda outputs: {"build_id": _of(outputs[2]["builds"], "build_id", status="succeeded")},
                query="get a build",
            ),
        ),
        lambda look, outputs: (
            look("get_build", build_id=outputs[0]["build_id"])["status"] == "cancelled"
            and outputs[3]["status"] == "succeeded"
        ),
    ),
    Task(
        "consumption",
        "How many ACUs did Ada use, and how many all of us?",
        (
            Step(
                "devin_list_members", lambda _: {"email": "ada@example.com"}, query="find a member by e-mail"
            ),
            Step(
                "devin_get_user_daily_consumption",
                lambda outputs: {"user_id": outputs[0]["members"][0]["user_id"]},
                query="daily consumption of a user",
            ),
            Step("devin_get_daily_consumption", query="daily consumption of the organisation"),
        ),
        lambda look, outputs: (
            0 < outputs[1]["total_acus"] < outputs[2]["total_acus"]
            and outputs[2]["total_acus"] == look("get_daily_consumption")["total_acus"]
        ),
    ),
    Task(
        "repositories",
        "Index our repository acme/store, or whatever its name is: the shop.",
        (
            Step(
                "devin_index_repository",
                lambda _: {"repository_path": "acme/store"},
                query="index a repository",
                error="not_found",
            ),
            Step("devin_list_repositories", lambda _: {"filter_name": "shop"}, query="list the repositories"),
            Step(
                "devin_index_repository",
                lambda outputs: {"repository_path": outputs[1]["repositories"][0]["repo_path"]},
            ),
            Step(
                "devin_get_repository_indexing",
                lambda outputs: {"repository_path": outputs[1]["repositories"][0]["repo_path"]},
                query="status of the indexing of a repository",
            ),
        ),
        lambda look, outputs: (
            outputs[3]["indexing_enabled"] and look("get_repository_indexing", **SHOP)["indexing_enabled"]
        ),
    ),
    Task(
        "reviews",
        "What did Devin say of pull request 1 of acme/shop? Have it reviewed if nobody has yet.",
        (
            Step(
                "devin_get_pull_request_review",
                lambda _: REVIEW,
                query="get the review of a pull request",
                error="not_found",
            ),
            Step(
                "devin_trigger_pull_request_review",
                lambda _: REVIEW,
                query="trigger a review of a pull request",
            ),
            Step("devin_get_pull_request_review", lambda _: REVIEW),
        ),
        lambda look, outputs: look("get_pull_request_review", **REVIEW)["pr_number"] == 1,
    ),
)
"""Ten areas: one asks a person, one waits and goes on, two read by pages, three recover from an error."""
