"""Scans of code as the world keeps them: they wait, run by a session, and find what is wrong.

What is wrong in a repository follows from the seed, and stays until the pull request that fixes it is merged:
a later scan finds it again. Each scan has a session, so its work is seen and paid for like that of others;
when somebody ends that session, the scan is cancelled.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..api.code_scans import FINDING_SEVERITIES
from .paging import Row, page_of
from .scenarios import begin
from .world import ENDED, ScenarioStep, SessionRecord, World

SCANS, FINDINGS = "Code scan", "Finding"

WAITING_SECONDS, PENDING_SECONDS, RUNNING_SECONDS = 30.0, 30.0, 240.0
HOST = "github.com"
APP = "https://app.devin.ai/code-scans"
NOT_SHOWN = frozenset({"number", "by", "ingests"})
"""What the world keeps of scans and findings beside their fields."""

Issue = tuple[str, str, str, str, str, int, str]

ISSUES: dict[str, tuple[Issue, ...]] = {
    "security": (
        ("critical", "sql-injection", "A search term becomes a part of a query",
         "Bind it as a parameter.", "src/search.py", 41, "db.execute(f\"... LIKE '%{term}%'\")"),
        ("high", "path-traversal", "The name of a download may lead out of its folder",
         "Refuse names with two dots.", "src/files.py", 17, "open(folder / name)"),
        ("high", "missing-authorization", "Anybody signed in reads any invoice",
         "Check whose invoice it is.", "src/invoices.py", 88, "return Invoice.get(invoice_id)"),
        ("medium", "weak-hash", "Tokens are compared by a weak hash",
         "Compare them in constant time.", "src/tokens.py", 9, "md5(token) == stored"),
        ("low", "verbose-errors", "Errors show where the files of the server lie",
         "Log them, and show a number.", "src/errors.py", 25, "return str(error)"),
    ),
    "performance": (
        ("high", "n-plus-one", "Each row of a list asks the database again",
         "Ask once for all of them.", "src/orders.py", 30, "[order.customer for order in orders]"),
        ("medium", "no-index", "A table is searched without an index",
         "Add one.", "src/models.py", 12, "email = Column(String)"),
        ("low", "repeated-parse", "The settings are parsed for each request",
         "Keep what was read.", "src/settings.py", 5, "settings = parse(path)"),
    ),
}  # fmt: skip
GENERAL: tuple[Issue, ...] = (
    ("medium", "unused-code", "A module is imported by nothing", "Remove it.", "src/old.py", 1, "import os"),
    ("low", "long-function", "A function does five things", "Split it.", "src/main.py", 60, "def run():"),
)
"""What scans of any other type find."""


def _organizations(world: World, org_ids: list[str] | None) -> list[str]:
    """Return the organisations that a request is about."""
    ids = [one["org_id"] for one in world.organizations.all()] if world.scope is None else [world.scope]
    return [org_id for org_id in ids if org_ids is None or org_id in org_ids]


def all_of(world: World, noun: str, call: Any = None) -> list[dict[str, Any]]:
    """Return all of a kind in the organisations that a request is about."""
    found: list[dict[str, Any]] = []
    for org_id in _organizations(world, getattr(call, "org_ids", None)):
        world.store(SCANS, org_id)  # where there are samples, those of findings come with the scans
        found += world.store(noun, org_id).all()
    return found


def next_number(world: World, noun: str) -> int:
    """Return the number of the next one, counted over all organisations: nothing is ever removed."""
    return 1 + sum(len(world.store(noun, one["org_id"]).all()) for one in world.organizations.all())


def newest_first(
    world: World, call: Any, rows: Iterable[dict[str, Any]], show: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """Cut one page of rows, newest first."""
    found = sorted(rows, key=lambda row: -row["number"])

    def rows_after(position: int | None) -> Iterator[Row]:
        return (
            (row["number"], show(world, row)) for row in found if position is None or row["number"] < position
        )

    return page_of(world.cut_page, rows_after, call, total=len(found))


def scan_shown(world: World, scan: dict[str, Any]) -> dict[str, Any]:
    """Return a scan with its status by now."""
    record, status = world.sessions.get(scan["by"] or ""), scan["status"]
    if record is not None and record.status in ENDED and status not in ("completed", "failed"):
        status = "failed" if record.status == "error" else "cancelled"
    shown = {name: value for name, value in scan.items() if name not in NOT_SHOWN}
    return shown | {"status": status}


def pull_request_of(world: World, finding: dict[str, Any]) -> dict[str, Any] | None:
    """Return the pull request that fixes a finding, once there is one."""
    record = world.sessions.get(finding["session_id"] or "")
    return record.pull_requests[0] if record is not None and record.pull_requests else None


def finding_shown(world: World, finding: dict[str, Any]) -> dict[str, Any]:
    """Return a finding as its pull request has changed it."""
    shown = {name: value for name, value in finding.items() if name not in NOT_SHOWN}
    pull_request = pull_request_of(world, finding)
    if pull_request is not None:
        is_fixed = finding["status"] == "open" and pull_request["pr_state"] == "merged"
        shown |= {"pr_url": pull_request["pr_url"]} | ({"status": "resolved"} if is_fixed else {})
    return shown


def backlog(world: World) -> int:
    """Count the scans of the organisation that have not begun to run."""
    shown = (scan_shown(world, scan) for scan in world.store(SCANS).all())
    return sum(scan["status"] in ("waiting", "pending") for scan in shown)


def begin_scan(
    world: World,
    at: float,
    repo: str,
    profile: dict[str, Any] | None,
    scan_type: str,
    *,
    ingests: bool = False,
    automation_id: str | None = None,
) -> dict[str, Any]:
    """Begin a scan, and the session that does it."""
    scan_id = f"scan-{world.new_id()}"
    asked = {
        "title": f"Scan {repo}", "repos": [repo], "origin": "code_scan",
        "scan_id": scan_id, "automation_id": automation_id,
    }  # fmt: skip
    record = world.begin(f"Scan {repo}: {scan_type}.", "scans", at, asked)
    record.category = "security"
    world.play(record, SCANNING)
    return add_scan(world, scan_id, record.session_id, at, repo, profile, scan_type, ingests)


def add_scan(
    world: World,
    scan_id: str,
    by: str | None,
    at: float,
    repo: str,
    profile: dict[str, Any] | None,
    scan_type: str,
    ingests: bool,
) -> dict[str, Any]:
    """Keep a scan; one that is done by nobody is a sample."""
    scan = {
        "scan_id": scan_id,
        "org_id": world.org_id,
        "repo_name": repo,
        "host": HOST,
        "profile": profile and {name: profile[name] for name in ("profile_id", "name")},
        "scan_type": scan_type,
        "status": "waiting",
        "created_at": int(at),
        "number": next_number(world, SCANS),
        "by": by,
        "ingests": ingests,
    }
    return world.store(SCANS).add(scan_id, scan)


def _own_scan(world: World, record: SessionRecord) -> dict[str, Any]:
    return world.store(SCANS, record.org_id).find(record.asked["scan_id"])


def _is_pending(world: World, record: SessionRecord) -> None:
    world.set_state(record, "claimed")
    _own_scan(world, record)["status"] = "pending"


def _runs(world: World, record: SessionRecord) -> None:
    world.set_state(record, "running", "working")
    _own_scan(world, record)["status"] = "running"


def _completes(world: World, record: SessionRecord) -> None:
    scan = _own_scan(world, record)
    with world.within(record.org_id):
        found = find_issues(world, scan, record.updated_at)
        scan["status"] = "completed"
        world.say(record, "devin", f"I found {len(found)} problems in {scan['repo_name']}.")
        for finding in found if scan["ingests"] else ():
            if finding["severity"] in ("critical", "high"):  # seen of the API, and no switch of it is known
                begin_fix(world, finding, record.updated_at, record.service_user_id)
    world.set_state(record, "exit", "finished")


SCANNING = (
    ScenarioStep(WAITING_SECONDS, _is_pending),
    ScenarioStep(PENDING_SECONDS, _runs),
    ScenarioStep(RUNNING_SECONDS, _completes),
)


def find_issues(world: World, scan: dict[str, Any], at: float) -> list[dict[str, Any]]:
    """Find what is wrong in a repository and was not fixed yet, the worst last: it ends the chain."""
    earlier = (finding_shown(world, one) for one in world.store(FINDINGS).all())
    fixed = {
        one["title"]
        for one in earlier
        if one["status"] == "resolved" and one["repo_name"] == scan["repo_name"]
    }
    issues = [issue for issue in _issues_in(world, scan) if issue[2] not in fixed]
    found = [_add_finding(world, scan, issue, at) for issue in issues]
    if scan["scan_type"] == "security" and len(found) > 2:
        found[-1]["related_finding_ids"] = [one["finding_id"] for one in found[:-1]]
    return found


def _issues_in(world: World, scan: dict[str, Any]) -> list[Issue]:
    """Choose what is wrong in a repository: two of its type at least."""
    seeds = world.store("Seed of scans", None)
    seed = seeds.find("seed") if seeds.has("seed") else seeds.add("seed", {"is": world.new_id()})
    issues = ISSUES.get(scan["scan_type"], GENERAL)
    draw = random.Random(f"{seed['is']} {scan['repo_name']} {scan['scan_type']}")  # noqa: S311 - repeatable
    chosen = draw.sample(issues, draw.randint(2, len(issues)))
    return sorted(chosen, key=lambda issue: -FINDING_SEVERITIES.index(issue[0]))


def _add_finding(world: World, scan: dict[str, Any], issue: Issue, at: float) -> dict[str, Any]:
    severity, category, title, recommendation, path, line, code = issue
    number = next_number(world, FINDINGS)
    finding_id = f"finding-{world.new_id()}" if scan["by"] else f"finding-{number:032x}"
    finding = {
        "finding_id": finding_id,
        "scan_id": scan["scan_id"],
        "repo_name": scan["repo_name"],
        "severity": severity,
        "status": "open",
        "title": title,
        "description": f"{title}, in {path}.",
        "recommendation": recommendation,
        "category": category,
        "note": None,
        "code_owners": [],
        "created_at": int(at),
        "pr_url": None,
        "session_id": None,
        "orchestrator_session_id": scan["by"],
        "reference_snippets": [
            {"file_path": path, "start_line": line, "end_line": line, "commentary": title, "code": code}
        ],
        "number": number,
    }
    return world.store(FINDINGS).add(finding_id, finding)


def begin_fix(world: World, finding: dict[str, Any], at: float, by: str) -> str:
    """Begin a session whose pull request a person merges, and return its id."""
    link = f"{APP}/{finding['scan_id']}/findings/{finding['finding_id']}"
    prompt = f"Fix in {finding['repo_name']}: {finding['title']}. The finding: {link}"
    asked = {"title": f"Fix: {finding['title']}", "repos": [finding["repo_name"]], "origin": "code_scan"}
    record = begin(world, prompt, "merges", at, asked)
    record.service_user_id = by
    finding["session_id"] = record.session_id
    return record.session_id
