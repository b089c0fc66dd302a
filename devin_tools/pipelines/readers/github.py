"""GitHub's webhooks: a workflow run that failed, an issue that got a label.

https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..alert import Alert
from ..payload import Body, build_alert, has, reader
from ..severities import label_severity

FAILURES = {"failure", "timed_out", "startup_failure"}
"""The conclusions of a run that somebody must look at; one that was cancelled or skipped is not."""


READS = "workflow_run (completed) and issues (labeled, closed)"

PARTIES = ("repository", "sender", "organization", "enterprise", "installation")
"""What every event says of who and where, in dozens of fields that are not part of a problem."""

RUN_KNOWN = (
    *("id", "name", "status", "updated_at", "check_suite_id", "actor", "triggering_actor", "repository"),
    *("head_repository", "head_commit", "pull_requests"),
)
ISSUE_KNOWN = (
    *("id", "locked", "draft", "user", "labels", "reactions", "comments", "author_association"),
    "performed_via_github_app",
)


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    is_event = has(body, "repository", "workflow_run") or has(body, "repository", "issue")
    return "x-github-event" in headers or is_event


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    """Read a failed or mended run, or a labelled or closed issue; all else is nothing to act on."""
    kind = headers.get("x-github-event") or ("workflow_run" if "workflow_run" in given else "issues")
    action = given.get("action")
    if kind == "workflow_run" and action == "completed":
        return _run(given)
    if kind == "issues" and action in ("labeled", "closed"):
        return [_issue(given, action)]
    if kind not in ("ping", "workflow_run", "issues"):
        given.findings.notes.append(f"Of GitHub's events these are read: {READS}.")
    return []


def _run(given: Body) -> list[Alert]:
    run, repository = given.object("workflow_run", required=True), _repository(given)
    conclusion = run.get("conclusion")
    if conclusion not in {*FAILURES, "success"}:
        return []
    name = given.object("workflow").get("name") or run.get("name") or "workflow"
    branch, head = run.get("head_branch"), run.object("head_repository").get("full_name")
    fork = head if head not in ("", repository) else ""
    commit = run.object("head_commit")
    given.known(*PARTIES, "workflow", "action")
    run.known(*RUN_KNOWN, *_links(run))
    alert = build_alert(
        given,
        name=f"{name} on {branch}" if branch else name,
        severity=[1],
        description=f"It ended with {conclusion}. Its commit: {commit.get('message') or 'unknown'}",
        resource=repository,
        repository=repository,
        signal="workflow_run",
        fired_time=run.time("run_started_at", "created_at"),
        source="github",
        link=run.get("html_url"),
        dimensions={
            "branch": branch,
            "event": run.get("event"),
            "conclusion": conclusion,
            "commit": run.get("head_sha"),
            "workflow_path": run.get("path"),
            "attempt": run.get("run_attempt"),
            "fork": fork,  # its commit is a stranger's
        },
        # a branch of a fork is another one than ours of the same name
        fingerprint="/".join([repository, "run", run.text("workflow_id"), branch] + ([head] if fork else [])),
        is_resolved=conclusion == "success",
    )
    return [alert]


def _issue(given: Body, action: str) -> Alert:
    issue, repository = given.object("issue", required=True), _repository(given)
    labels = [label.get("name") for label in issue.objects("labels")]
    number = issue.text("number")
    given.known(*PARTIES, "action")
    given.object("label").known("id", "node_id", "url", "color", "default", "description")
    issue.known(*ISSUE_KNOWN, *_links(issue))
    return build_alert(
        given,
        name=issue.name("title", is_over=action == "closed"),
        severity=map(label_severity, labels),
        description=issue.get("body"),
        resource=repository,
        repository=repository,
        signal="issue",
        fired_time=issue.time("updated_at", "created_at"),
        source="github",
        link=issue.get("html_url"),
        dimensions={
            "number": number,
            "label": given.object("label").get("name"),
            "labels": ", ".join(filter(None, labels)),
            "author": issue.object("user").get("login"),
            "author_association": issue.get("author_association"),
            "sender": given.object("sender").get("login"),
        },
        fingerprint=f"{repository}/issue/{number}",
        is_resolved=action == "closed",
    )


def _links(given: Body) -> Iterator[str]:
    """Yield the names of an object's links into GitHub's API, and of its id there."""
    return (name for name in given.value if name in ("url", "_links") or name.endswith(("_url", "node_id")))


def _repository(given: Body) -> str:
    return given.object("repository", required=True).text("full_name")


READER = reader(
    "github",
    "a GitHub webhook",
    "GitHub's webhooks, known by `X-GitHub-Event`, or by `repository` and its event.",
    _reads,
    _read,
)
