"""The filters of list sessions, as the API documents them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from ..api.sessions import CATEGORIES, ORIGINS, SessionFilters
from ..api.shared.fields import bare_id
from .paging import Row, page_of
from .refusal import Refusal
from .world import SERVICE_USER_ID, SessionRecord, World

COUNTED_SESSIONS = 5_000
"""Beyond this the answer leaves `total` out, as the API may for cost reasons."""

Test = Callable[[SessionRecord], bool]
Show = Callable[[World, SessionRecord], dict[str, Any]]


def full_session(world: World, record: SessionRecord) -> dict[str, Any]:
    """Return a session with all its fields."""
    return record.to_wire(world.now, full=True)


def filtered_sessions(world: World, call: SessionFilters, show: Show = full_session) -> dict[str, Any]:
    """List the sessions that pass every filter, newest first, each as `show` returns it.

    The real default of `is_archived` is undocumented; here archived ones need asking for.
    """
    check_enum(("query", "origins"), call.origins or [], ORIGINS)
    check_enum(("query", "category"), [call.category], CATEGORIES)
    candidates = _candidates(world, call.session_ids)
    tests = list(_tests(call))

    def passing(number: int | None) -> Iterator[SessionRecord]:
        for record in candidates(number):
            seen = world.as_listed(record)
            if seen is not None and all(test(seen) for test in tests):
                yield seen

    def rows_after(number: int | None) -> Iterator[Row]:
        return ((record.number, show(world, record)) for record in passing(number))

    countable = call.session_ids is not None or len(world.sessions) <= COUNTED_SESSIONS
    total = sum(1 for _ in passing(None)) if countable else None
    return page_of(world, rows_after, call, total=total)


def _candidates(
    world: World, session_ids: list[str] | None
) -> Callable[[int | None], Iterable[SessionRecord]]:
    """Return which sessions below a number to look at, newest first; named ones need no search."""
    if session_ids is None:
        return world.newest_first
    ids = {bare_id(session_id) for session_id in session_ids}
    found = [world.sessions[session_id] for session_id in ids if session_id in world.sessions]
    found.sort(key=lambda record: -record.number)
    return lambda below: (record for record in found if below is None or record.number < below)


def check_enum(place: tuple[str, str], values: Collection[str | None], vocabulary: tuple[str, ...]) -> None:
    """Refuse with 422 a word that the API's closed list of today does not hold."""
    if any(value is not None and value not in vocabulary for value in values):
        reason = f"Input should be one of {', '.join(vocabulary)}"
        raise Refusal(422, "The request is not valid", [{"loc": [*place], "msg": reason, "type": "enum"}])


def _tests(call: SessionFilters) -> Iterable[Test]:
    archived = bool(call.is_archived)
    yield lambda record: record.is_archived == archived
    if call.tags is not None:
        tags = set(call.tags)
        yield lambda record: not tags.isdisjoint(record.tags)
    if call.repo_names is not None:
        repos = set(call.repo_names)
        yield lambda record: not repos.isdisjoint(record.asked.get("repos") or [])
    if call.category is not None:
        yield lambda record: record.category == call.category
    if call.playbook_id is not None:
        yield lambda record: record.asked.get("playbook_id") == call.playbook_id
    yield from _tests_of_makers(call)
    if (call.created_after, call.created_before) != (None, None):
        yield lambda record: within(record.created_at, call.created_after, call.created_before)
    if (call.updated_after, call.updated_before) != (None, None):
        yield lambda record: within(record.updated_at, call.updated_after, call.updated_before)


def _tests_of_makers(call: SessionFilters) -> Iterable[Test]:
    """Every session of this world was made by one service user through the API, or by another session."""
    if call.schedule_id or call.automation_ids:
        yield lambda _: False
    if call.parent_session_id is not None:
        parent = bare_id(call.parent_session_id)
        yield lambda record: record.parent == parent
    if call.origins is not None and "api" not in call.origins:
        yield lambda _: False
    if call.service_user_ids is not None and SERVICE_USER_ID not in call.service_user_ids:
        yield lambda _: False
    if call.user_ids is not None:
        users = set(call.user_ids)
        yield lambda record: record.asked.get("create_as_user_id") in users


def within(moment: float, after: int | None, before: int | None) -> bool:
    """Return whether a moment lies within bounds, which count as within."""
    return (after is None or int(moment) >= after) and (before is None or int(moment) <= before)
