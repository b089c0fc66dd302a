"""The filters of list sessions, as the API documents them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from ..api.session import CATEGORIES, ORIGINS
from ..api.sessions import SessionFilters
from ..api.shared.fields import bare_id
from .paging import Row, page_of
from .refusal import Refusal
from .world import SessionRecord, World

COUNTED_SESSIONS = 5_000
"""Beyond this the answer leaves `total` out, as the API may for cost reasons."""

OLDER = {"scheduled": "automation", "advanced": "devin"}
"""Words of earlier schemas, by which published clients still go, and what they are today."""

Show = Callable[[World, SessionRecord], dict[str, Any]]


FILTERS: dict[str, Callable[[SessionRecord, Any], bool]] = {
    "tags": lambda record, tags: not set(tags).isdisjoint(record.tags),
    "repo_names": lambda record, names: not set(names).isdisjoint(record.asked.get("repos") or []),
    "category": lambda record, category: record.category == category,
    "playbook_id": lambda record, playbook_id: record.asked.get("playbook_id") == playbook_id,
    "parent_session_id": lambda record, parent_id: record.parent == bare_id(parent_id),
    "user_ids": lambda record, ids: record.user_id in ids,
    "created_after": lambda record, moment: within(record.created_at, moment, None),
    "created_before": lambda record, moment: within(record.created_at, None, moment),
    "updated_after": lambda record, moment: within(record.updated_at, moment, None),
    "updated_before": lambda record, moment: within(record.updated_at, None, moment),
    # Every session of this world was made by one service user through the API, by another session, or, of the
    # samples, by an automation.
    "schedule_id": lambda record, schedule_id: not schedule_id,
    "automation_ids": lambda record, ids: not ids or record.asked.get("automation_id") in ids,
    "origins": lambda record, origins: record.origin in origins,
    "service_user_ids": lambda record, ids: record.service_user_id in ids,
    "org_ids": lambda record, ids: record.org_id in ids,
}
"""By the name of a filter whether a session passes a value of it."""


def filter_of(call: Any) -> Callable[[SessionRecord], bool]:
    """Return whether a session passes all filters that a call has and sets."""
    values = {name: getattr(call, name, None) for name in FILTERS}
    tests = [(FILTERS[name], value) for name, value in values.items() if value is not None]
    return lambda record: all(test(record, value) for test, value in tests)


def full_session(world: World, record: SessionRecord) -> dict[str, Any]:
    """Return a session with all its fields."""
    return record.to_wire(world.now, full=True)


def filtered_sessions(world: World, call: SessionFilters, show: Show = full_session) -> dict[str, Any]:
    """List the sessions that pass every filter, newest first, each as `show` returns it.

    The real default of `is_archived` is undocumented; here archived ones need asking for.
    """
    if call.origins is not None:
        call = call.model_copy(update={"origins": _origins(call.origins)})
    check_enum(("query", "category"), [call.category], CATEGORIES)
    candidates = _candidates(world, call.session_ids)
    passes = filter_of(call)

    def passing(place: int | None) -> Iterator[SessionRecord]:
        for record in candidates(place):
            seen = world.as_listed(record)
            if seen and seen.is_archived == bool(call.is_archived) and passes(seen):
                yield seen

    def rows_after(place: int | None) -> Iterator[Row]:
        return ((world.place(record), show(world, record)) for record in passing(place))

    countable = call.session_ids is not None or len(world.sessions) <= COUNTED_SESSIONS
    total = sum(1 for _ in passing(None)) if countable else None
    return page_of(world.cut_page, rows_after, call, total=total)


def _origins(texts: list[str]) -> list[str]:
    """Read origins as a published client sends them: joined with commas, or by a word of an old schema."""
    origins = [OLDER.get(word, word) for text in texts for word in text.split(",")]
    check_enum(("query", "origins"), origins, ORIGINS)
    return origins


def _candidates(
    world: World, session_ids: list[str] | None
) -> Callable[[int | None], Iterable[SessionRecord]]:
    """Return a function of the sessions below a place, newest first; named ones need no search."""
    if session_ids is None:
        return world.newest_first
    found = sorted(
        world.named({bare_id(session_id) for session_id in session_ids}), key=world.place, reverse=True
    )
    return lambda below: (record for record in found if below is None or world.place(record) < below)


def check_enum(place: tuple[str, str], values: Collection[str | None], vocabulary: tuple[str, ...]) -> None:
    """Refuse with 422 a word that is not in the closed list that the API has today."""
    if any(value is not None and value not in vocabulary for value in values):
        reason = f"Input should be one of {', '.join(vocabulary)}"
        raise Refusal(422, "The request is not valid", [{"loc": [*place], "msg": reason, "type": "enum"}])


def within(moment: float, after: int | None, before: int | None) -> bool:
    """Return whether a moment lies within bounds, which count as within."""
    return (after is None or int(moment) >= after) and (before is None or int(moment) <= before)
