"""Times as people write them: every form that is taken means the same second at every door."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from support.laws import for_every

from devin_tools.api.sessions import ListSessions
from devin_tools.api.shared.times import Moment, UnixSeconds
from devin_tools.catalog import Catalog
from devin_tools.codec import recognise
from devin_tools.errors import InvalidArguments
from devin_tools.model_input import call_from_model
from devin_tools.wire import Request

DAY = 1767225600
SECONDS: TypeAdapter[int] = TypeAdapter(UnixSeconds)
MOMENT: TypeAdapter[str] = TypeAdapter(Moment)

FORMS: dict[str, tuple[Any, int]] = {
    "seconds": (DAY, DAY),
    "seconds as text": (f" {DAY} ", DAY),
    "what time.time() gives": (DAY + 0.75, DAY),
    "seconds with a fraction as text": (f"{DAY}.0", DAY),
    "nothing but 0": (0, 0),
    "a day": ("2026-01-01", DAY),
    "a day without hyphens": ("20260101", DAY),
    "the same as a number": (20260101, DAY),
    "a date object": (date(2026, 1, 1), DAY),
    "as tables show it": ("2026-01-01 09:00", DAY + 9 * 3600),
    "in UTC": ("2026-01-01T09:00:00Z", DAY + 9 * 3600),
    "with an offset": ("2026-01-01T09:00:00+02:00", DAY + 7 * 3600),
    "a datetime without a zone": (datetime(2026, 1, 1), DAY),
    "a datetime with one": (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2))), DAY - 7200),
}

OTHERS: dict[str, tuple[Any, str]] = {
    "milliseconds": (DAY * 1000, "milliseconds"),
    "milliseconds as text": (str(DAY * 1000), "milliseconds"),
    "a year": (2026, "a year alone"),
    "before 1970": ("1969-12-31", "since 1970"),
    "a negative number": (-1, "since 1970"),
    "a flag": (True, "not times"),
    "no number": (float("nan"), "not a time"),
    "no end": (float("inf"), "not a time"),
    "nothing": ("", "not a time"),
    "words": ("yesterday", "Unix seconds (1767225600), a day (2026-01-31)"),
    "another order": ("31/01/2026", "without an offset it is UTC"),
    "no such day": ("2026-02-30", "not a time"),
    "many digits": ("9" * 400, "not a time"),
}


@for_every("form", lambda: FORMS)
def test_every_form_of_a_time_means_its_second(form: str) -> None:
    given, seconds = FORMS[form]
    assert SECONDS.validate_python(given) == seconds
    assert ListSessions(created_after=given).created_after == seconds


@for_every("form", lambda: OTHERS)
def test_what_is_not_a_time_is_refused_with_the_reason(form: str) -> None:
    given, reason = OTHERS[form]
    with pytest.raises(ValidationError) as caught:
        SECONDS.validate_python(given)
    assert reason in caught.value.errors()[0]["msg"]


def test_a_schema_still_asks_for_a_whole_number() -> None:
    assert SECONDS.json_schema() == {"type": "integer", "minimum": 0, "maximum": 100_000_000_000}


def test_a_bound_that_is_left_out_stays_out() -> None:
    assert ListSessions(created_after=None).created_after is None


def test_a_model_may_send_a_day_where_its_schema_asks_for_seconds(catalog: Catalog) -> None:
    call: Any = call_from_model(catalog, "devin_list_sessions", json.dumps({"createdAfter": "2026-01-01"}))
    assert call.created_after == DAY


def test_what_takes_a_day_is_known_of_each_tool(catalog: Catalog) -> None:
    bounds = {"created_after", "created_before", "updated_after", "updated_before"}
    assert catalog.spec("devin_list_sessions").times == bounds
    found = {spec.name for spec in catalog if spec.times}
    assert {"devin_get_daily_consumption", "devin_get_session_metrics", "devin_get_active_users"} <= found
    for spec in catalog:
        in_seconds = {
            name
            for name, field in spec.input_schema.get("properties", {}).items()
            if "in Unix seconds" in field.get("description", "")
        }
        assert spec.times == in_seconds, spec.name


def test_the_api_itself_takes_no_dates() -> None:
    path = "/v3/organizations/org-1/sessions"
    route = ListSessions.route
    assert route is not None
    assert recognise(route, ListSessions, Request("GET", path, (("created_after", str(DAY)),), None, None))
    with pytest.raises(InvalidArguments):
        recognise(route, ListSessions, Request("GET", path, (("created_after", "2026-01-01"),), None, None))


def test_a_moment_is_taken_in_seconds_too_but_no_zone_is_guessed() -> None:
    assert MOMENT.validate_python(DAY) == MOMENT.validate_python(str(DAY)) == "2026-01-01T00:00:00Z"
    assert MOMENT.validate_python(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00+00:00"
    for given in ("2026-01-01", "2026-01-01T09:00", date(2026, 1, 1), datetime(2026, 1, 1)):
        with pytest.raises(ValidationError, match="needs a time of day and its zone"):
            MOMENT.validate_python(given)
