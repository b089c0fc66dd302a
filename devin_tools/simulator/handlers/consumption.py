"""Consumption: the ACUs of the sessions, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from ...api import consumption
from ..measures import acus_by_day, review_intervals, work_intervals
from ..people import is_user
from ..refusal import Refusal
from ..service_users import is_service_user
from ..session_filters import within
from ..world import SERVICE_USER_ID, SessionRecord, World


def get_daily_consumption(world: World, call: consumption.GetDailyConsumption) -> dict[str, Any]:
    """Count what sessions and reviews spent."""
    return _by_day(world, call, world.in_scope(), has_reviews=True)


def of_session(world: World, call: consumption.GetSessionDailyConsumption) -> dict[str, Any]:
    """Count what one session spent."""
    return _by_day(world, call, [world.session(call.session_id)])


def of_user(world: World, call: consumption.GetUserDailyConsumption) -> dict[str, Any]:
    """Count what the sessions of one user spent."""
    if not is_user(world, call.user_id):
        raise Refusal(404, "User not found")
    records = world.in_scope()
    return _by_day(world, call, [record for record in records if record.user_id == call.user_id])


def of_service_user(world: World, call: consumption.GetServiceUserConsumption) -> dict[str, Any]:
    """Count what a service user spent on nobody's behalf; all reviews are of the first one."""
    records = [record for record in world.in_scope() if record.service_user_id == call.service_user_id]
    is_first = call.service_user_id == SERVICE_USER_ID
    if not (records or is_first or is_service_user(world, call.service_user_id)):
        raise Refusal(404, "Service user not found")
    own = [record for record in records if record.user_id is None]
    return _by_day(world, call, own, has_reviews=is_first)


def _by_day(
    world: World, call: Any, records: Iterable[SessionRecord], *, has_reviews: bool = False
) -> dict[str, Any]:
    """List the days that begin within the bounds and on which something was spent."""
    devin = acus_by_day(chain.from_iterable(work_intervals(record, world.now) for record in records))
    review = acus_by_day(review_intervals(world) if has_reviews else ())
    days = [day for day in sorted({*devin, *review}) if within(day, call.time_after, call.time_before)]
    rows = [_row(day, devin.get(day, 0.0), review.get(day, 0.0)) for day in days]
    return {"total_acus": round(sum(row["acus"] for row in rows), 4), "consumption_by_date": rows}


def _row(day: int, devin: float, review: float) -> dict[str, Any]:
    products = {"devin": round(devin, 4), "cascade": 0.0, "terminal": 0.0, "review": round(review, 4)}
    return {"date": day, "acus": round(devin + review, 4), "acus_by_product": products}
