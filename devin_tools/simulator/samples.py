"""Samples of sessions and of each resource, so that a fresh simulator has something to list."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from .audit import add_entry
from .people import MEMBERS
from .principals import ORG_ID, OTHER_ORG_ID, SERVICE_USER_ID
from .scenarios import SCENARIOS, begin
from .world import INHERITED_PLAYBOOK, SessionRecord, World

SECONDS_BETWEEN = 95.0
LEFT_OUT = frozenset({"delegates", "finishes", "toils"})
"""Scenarios outside the round: one spawns more sessions than asked for, one comes twice, one takes a day."""

TASKS = (
    ("Fix the flaky checkout test", "acme/shop", "bug"),
    ("Upgrade the web framework to its next minor release", "acme/shop", "upgrade"),
    ("Write unit tests for the invoice parser", "acme/billing", "tests"),
    ("Fix the time zone bug in the weekly report", "acme/reports", "bug"),
    ("Document the public endpoints of the search service", "acme/search", "docs"),
)


OTHERWISE: dict[str, dict[str, str]] = {
    "acme/billing": {"create_as_user_id": MEMBERS[0]["user_id"]},
    "acme/reports": {"automation_id": "automation-00000000000000000000000000000001"},
    "acme/search": {"playbook_id": INHERITED_PLAYBOOK},
}
"""What sets the sessions in some repositories apart: on whose behalf they run, and what started them."""


ELSEWHERE = (
    ("Compare the two tokenizers on the long documents", "research/tokenizers", "finishes"),
    ("Fix the broken links in the lab notebook", "research/notebook", "asks"),
    ("Plot the runs of the last sweep", "research/sweeps", "sleeps"),
)
"""Task, repository and scenario of the sessions in the other organisation."""


def add_samples(world: World, count: int) -> None:
    """Create sessions one after another, each living its scenario while time goes on; then the rest."""
    begun = world.now
    stories = cycle([name for name in SCENARIOS if name not in LEFT_OUT] + ["finishes", "finishes"])
    for (task, repo, tag), story, _ in zip(cycle(TASKS), stories, range(count), strict=False):
        asked = {"title": task, "repos": [repo], "tags": [tag, "sample"]} | OTHERWISE.get(repo, {})
        record = begin(world, f"{task}. #simulate:{story}", story, world.now, asked)
        _log(world, record)
        world.clock.step(SECONDS_BETWEEN)
        world.catch_up()
    now = world.now
    world.furnish("GuardrailViolation", _add_violations, None)
    world.furnish("Blueprint", lambda world: _add_blueprints(world, now))
    world.furnish("Blueprint", lambda world: _add_enterprise_blueprints(world, now), None)
    world.furnish("Build", lambda world: _add_builds(world, now))
    world.furnish("Note", lambda world: _add_notes(world, now))
    world.furnish("Note", lambda world: _add_enterprise_notes(world, now), None)
    world.furnish("Playbook", lambda world: _add_playbooks(world, now))
    world.furnish("Playbook", lambda world: _add_enterprise_playbooks(world, now), None)
    world.furnish("Session", lambda world: _add_sessions_elsewhere(world, begun, count), OTHER_ORG_ID)
    world.furnish("Schedule", lambda world: _add_schedules(world, now))
    world.furnish("Automation", _add_automations)
    world.furnish("Secret", lambda world: _add_secrets(world, now))
    world.furnish("Code scan", lambda world: _add_code_scans(world, now))


def _log(world: World, record: SessionRecord) -> None:
    """Add to the audit log who created a session: the member on whose behalf it runs, or its service user."""
    found = next((one for one in MEMBERS if one["user_id"] == record.user_id), None)
    who = world.principal
    by: dict[str, Any] = {"service_user": (who.service_user_id, who.name)}
    if found is not None:
        by = {"user": (found["user_id"], found["email"])}
    add_entry(world, "create_session", {"session_id": record.session_id}, record.org_id, **by)


def _add_violations(world: World) -> None:
    from .handlers.enterprise.guardrails import add_sample_violations  # as below

    add_sample_violations(world)


def _add_blueprints(world: World, now: float) -> None:
    from .handlers.blueprints import add_sample_blueprints  # as below

    add_sample_blueprints(world, now)


def _add_enterprise_blueprints(world: World, now: float) -> None:
    from .handlers.enterprise.blueprints import add_sample_blueprints  # as below

    add_sample_blueprints(world, now)


def _add_builds(world: World, now: float) -> None:
    from .handlers.builds import add_sample_builds  # as below

    add_sample_builds(world, now)


def _add_notes(world: World, now: float) -> None:
    from .handlers.knowledge import add_sample_notes  # here, as most worlds are never asked for notes

    add_sample_notes(world, now)
    world.store("Note", None)  # what is inherited comes next in the list


def _add_playbooks(world: World, now: float) -> None:
    from .handlers.playbooks import add_sample_playbooks  # as above

    add_sample_playbooks(world, now)
    world.store("Playbook", None)  # as above


def _add_enterprise_notes(world: World, now: float) -> None:
    from .handlers.knowledge import add_enterprise_notes  # as above

    world.store("Note", ORG_ID)  # whose own come first in its list
    add_enterprise_notes(world, now)


def _add_enterprise_playbooks(world: World, now: float) -> None:
    from .handlers.playbooks import add_enterprise_playbooks  # as above

    world.store("Playbook", ORG_ID)  # as above
    add_enterprise_playbooks(world, now)


def _add_sessions_elsewhere(world: World, begun: float, count: int) -> None:
    """Create a few sessions of the other organisation, each shortly after one of the first's."""
    for number, (task, repo, story) in enumerate(ELSEWHERE[:count]):
        asked = {"title": task, "repos": [repo], "tags": ["sample"]}
        at = begun + SECONDS_BETWEEN * (number + 0.5)
        begin(world, f"{task}. #simulate:{story}", story, at, asked).service_user_id = SERVICE_USER_ID


def _add_schedules(world: World, now: float) -> None:
    from .handlers.schedules import add_sample_schedules  # as above

    add_sample_schedules(world, now)


def _add_automations(world: World) -> None:
    from .handlers.automations import add_sample_automations  # as above

    add_sample_automations(world)


def _add_secrets(world: World, now: float) -> None:
    from .handlers.secrets import add_sample_secrets  # as above

    add_sample_secrets(world, now)


def _add_code_scans(world: World, now: float) -> None:
    from .handlers.code_scans import add_sample_scan  # as above

    add_sample_scan(world, now)
