"""What an organisation lets its sessions spend, and the tags that it lets them have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from .measures import month_of, work_intervals
from .refusal import Refusal
from .world import SECONDS_PER_ACU, SessionRecord, World

ACU_LIMITS, GROUP_LIMITS, TAGS = "AcuLimit", "GroupLimits", "AllowedTags"
"""The stores of limits, by whom each is for, of groups of organisations, and of an organisation's tags."""
OF_ENTERPRISE = "enterprise"
LIMITED_USER = "okta|00u0000000000000005"
FIRST_LIMITS = {
    OF_ENTERPRISE: {"cycle_acu_limit": 1_000_000, "scope": "enterprise", "org_id": None, "user_id": None},
    LIMITED_USER: {"cycle_acu_limit": 20_000, "scope": "user", "org_id": None, "user_id": LIMITED_USER},
}
"""The limits of the beginning, which no operation changes."""


def acu_limits(world: World) -> Any:
    """Return the store of the limits of billing cycles, those of the beginning first."""
    store = world.store(ACU_LIMITS, None)
    for whose, limit in () if store.has(OF_ENTERPRISE) else FIRST_LIMITS.items():
        store.add(whose, dict(limit))
    return store


def group_limits(world: World) -> dict[str, Any]:
    """Return the groups of organisations that share a limit, by name, to be read and changed."""
    store = world.store(GROUP_LIMITS, None)
    if not store.has("all"):
        store.add("all", {"groups": {}})
    groups: dict[str, Any] = store.find("all")["groups"]
    return groups


def tag_rules(world: World, org_id: str) -> dict[str, Any]:
    """Return the tags that an organisation allows and its default one, to be read and changed."""
    store = world.store(TAGS, org_id)
    return store.find("all") if store.has("all") else store.add("all", {"tags": [], "default_tag": None})


def session_tags(world: World, given: list[str] | None) -> list[str] | None:
    """Return the tags of a new session: those given, else the default one; refuse one that is not allowed.

    An empty list allows any. The vendor's documents name no status for a refusal: here it is 400.
    """
    rules = tag_rules(world, world.org_id)
    if not given and rules["default_tag"] is not None:
        return [rules["default_tag"]]
    if rules["tags"] and (others := sorted(set(given or ()) - set(rules["tags"]))):
        allowed = ", ".join(rules["tags"])
        raise Refusal(
            400, f"The organization does not allow the tags {', '.join(others)}; it allows {allowed}"
        )
    return given


def session_limit(world: World, asked: int | None, user_id: str | None) -> int | None:
    """Return the most ACUs that a new session may spend; refuse one for which there are none.

    One that asks for more than its organisation lets a session spend is refused with 400, and one of an
    organisation or a user whose ACUs of the billing cycle are spent with 403: the vendor's documents name no
    status.
    """
    most: int | None = world.organizations.find(world.org_id)["max_session_acu_limit"]
    if asked is not None and most is not None and asked > most:
        raise Refusal(
            400, f"max_acu_limit is above what a session of this organization may spend: {most} ACUs"
        )
    for whose, counts, limit in _cycle_limits(world, user_id):
        if _has_spent(world, counts, limit):
            raise Refusal(403, f"The ACUs of this billing cycle are spent: the limit of {whose} is {limit}")
    return most if asked is None else asked


def _cycle_limits(
    world: World, user_id: str | None
) -> Iterator[tuple[str, Callable[[SessionRecord], bool], int]]:
    """Yield the limits on a session of the request's organisation: whose each is, and what counts for it."""
    org_id, limits = world.org_id, acu_limits(world)
    own = world.organizations.find(org_id)["max_cycle_acu_limit"]
    if own is not None:
        yield "this organization", _of({org_id}), own
    if limits.has(org_id):
        yield "this organization", _of({org_id}), limits.find(org_id)["cycle_acu_limit"]
    for name, group in group_limits(world).items():
        if org_id in group["org_ids"] and group["max_cycle_acus"] is not None:
            yield f"its group {name}", _of(set(group["org_ids"])), group["max_cycle_acus"]
    if user_id is not None and limits.has(user_id):
        yield "this user", lambda record: record.user_id == user_id, limits.find(user_id)["cycle_acu_limit"]
    yield "the enterprise", lambda record: True, limits.find(OF_ENTERPRISE)["cycle_acu_limit"]


def _of(org_ids: Collection[str]) -> Callable[[SessionRecord], bool]:
    return lambda record: record.org_id in org_ids


def _has_spent(world: World, counts: Callable[[SessionRecord], bool], limit: int) -> bool:
    """Return whether the sessions that count have spent so many ACUs in the billing cycle."""
    if limit == 0:
        return True
    first = next(iter(world.sessions.values()), None)
    if first is None or len(world.sessions) * (world.now - first.created_at) < limit * SECONDS_PER_ACU:
        return False  # at most: each session has worked all the time; most worlds need no other sum
    begin = month_of(world.now)
    worked = (
        max(0.0, until - max(since, begin))
        for record in world.sessions.values()
        if counts(record) and not record.is_deleted
        for since, until in work_intervals(record, world.now)
    )
    return sum(worked) >= limit * SECONDS_PER_ACU
