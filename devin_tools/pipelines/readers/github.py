"""GitHub's webhooks: a workflow run that failed, an issue that got a label.

https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body, as_text
from ..severities import severity_or_unstated
from .alert_builder import build_alert

FORM = "a GitHub webhook"

FAILURES = {"failure", "timed_out", "startup_failure"}
"""The conclusions of a run that somebody must look at; one that was cancelled or skipped is none."""


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by the header X-GitHub-Event, or by its repository and workflow_run or issue."""
    if "x-github-event" in headers:
        return True
    return isinstance(body, dict) and "repository" in body and ("workflow_run" in body or "issue" in body)


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read a failed or mended run, or a labelled or closed issue; all else is nothing to act on."""
    given = Body(body, form=FORM)
    kind = headers.get("x-github-event") or ("workflow_run" if "workflow_run" in given else "issues")
    action = given.text("action", default="")
    if kind == "workflow_run" and action == "completed":
        return _run(given)
    if kind == "issues" and action in ("labeled", "closed"):
        return [_issue(given, action)]
    return []


def _run(given: Body) -> list[Alert]:
    run, repository = given.object("workflow_run", required=True), _repository(given)
    conclusion = run.text("conclusion", default="")
    if conclusion not in {*FAILURES, "success"}:
        return []
    name = given.object("workflow").text("name", default="") or run.text("name", default="workflow")
    branch = run.text("head_branch", default="")
    commit = run.object("head_commit")
    known = {
        "branch": branch,
        "event": run.text("event", default=""),
        "conclusion": conclusion,
        "commit": run.text("head_sha", default=""),
        "workflow_path": run.text("path", default=""),
        "attempt": run.text("run_attempt", default=""),
        "fork": as_text(_fork(run, repository)),
    }
    alert = build_alert(
        FORM,
        name=f"{name} on {branch}" if branch else name,
        severity=1,
        description=f"It ended with {conclusion}. Its commit: {commit.text('message', default='unknown')}",
        resource=repository,
        repository=repository,
        signal="workflow_run",
        fired_time=run.time("run_started_at", "created_at"),
        source="github",
        link=run.text("html_url", default=""),
        dimensions={key: value for key, value in known.items() if value},
        fingerprint=f"{repository}/run/{run.text('workflow_id')}/{branch}",
        is_resolved=conclusion == "success",
    )
    return [alert]


def _fork(run: Body, repository: str) -> str:
    """Name the fork that a run is of: then the commit is a stranger's."""
    head = run.object("head_repository").text("full_name", default="")
    return head if head != repository else ""


def _issue(given: Body, action: str) -> Alert:
    issue, repository = given.object("issue", required=True), _repository(given)
    labels = [label.text("name", default="") for label in issue.objects("labels")]
    number = issue.text("number")
    known = {
        "number": number,
        "label": given.object("label").text("name", default=""),
        "labels": ", ".join(label for label in labels if label),
        "author": issue.object("user").text("login", default=""),
        "author_association": issue.text("author_association", default=""),
        "sender": given.object("sender").text("login", default=""),
    }
    return build_alert(
        FORM,
        name=issue.text("title"),
        severity=severity_or_unstated(*labels),
        description=issue.text("body", default=""),
        resource=repository,
        repository=repository,
        signal="issue",
        fired_time=issue.time("updated_at", "created_at"),
        source="github",
        link=issue.text("html_url", default=""),
        dimensions={key: value for key, value in known.items() if value},
        fingerprint=f"{repository}/issue/{number}",
        is_resolved=action == "closed",
    )


def _repository(given: Body) -> str:
    return given.object("repository", required=True).text("full_name")


READER = Reader(
    "github", "GitHub's webhooks, known by `X-GitHub-Event`, or by `repository` and its event.", reads, read
)
