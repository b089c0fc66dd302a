"""Samples of sessions and of each resource, so that a fresh simulator has something to list."""

from __future__ import annotations

from itertools import cycle

from .people import MEMBERS
from .scenarios import SCENARIOS, begin
from .world import INHERITED_PLAYBOOK, World

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


def add_samples(world: World, count: int) -> None:
    """Create sessions one after another, each living its scenario while time goes on; then the rest."""
    stories = cycle([name for name in SCENARIOS if name not in LEFT_OUT] + ["finishes", "finishes"])
    for (task, repo, tag), story, _ in zip(cycle(TASKS), stories, range(count), strict=False):
        asked = {"title": task, "repos": [repo], "tags": [tag, "sample"]} | OTHERWISE.get(repo, {})
        begin(world, f"{task}. #simulate:{story}", story, world.now, asked)
        world.clock.step(SECONDS_BETWEEN)
        world.catch_up()
    now = world.now
    world.furnish("Note", lambda world: _add_notes(world, now))
    world.furnish("Playbook", lambda world: _add_playbooks(world, now))
    world.furnish("Schedule", lambda world: _add_schedules(world, now))
    world.furnish("Secret", lambda world: _add_secrets(world, now))


def _add_notes(world: World, now: float) -> None:
    from .handlers.knowledge import add_sample_notes  # here, as most worlds are never asked for notes

    add_sample_notes(world, now)


def _add_playbooks(world: World, now: float) -> None:
    from .handlers.playbooks import add_sample_playbooks  # as above

    add_sample_playbooks(world, now)


def _add_schedules(world: World, now: float) -> None:
    from .handlers.schedules import add_sample_schedules  # as above

    add_sample_schedules(world, now)


def _add_secrets(world: World, now: float) -> None:
    from .handlers.secrets import add_sample_secrets  # as above

    add_sample_secrets(world, now)
