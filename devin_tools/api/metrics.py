"""How an organisation uses Devin: counts over a time. Facts: docs.devin.ai, metrics."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ..paging import Abridged, BareList, Detailed, Items
from ..tool import DOCUMENTED, Example, Input, Output, Tool
from ..wire import GET
from .shared.fields import Id
from .shared.times import UnixSeconds

METRICS = "/v3/organizations/{org_id}/metrics"
PERMISSION = "ViewAccountMetrics"


class CountByOrigin(Output):
    """Sessions by where they were started from. The API leaves some origins out."""

    api: int | None = None
    """Started through the API."""

    jira: int | None = None
    """Started from Jira."""

    linear: int | None = None
    """Started from Linear."""

    slack: int | None = None
    """Started from Slack."""

    teams: int | None = None
    """Started from Teams."""

    webapp: int | None = None
    """Started in the web app."""


class CountBySize(Output):
    """Sessions by their size, which follows from their ACUs and messages."""

    xs: int | None = None
    """Very small ones."""

    s: int | None = None
    """Small ones."""

    m: int | None = None
    """Middling ones."""

    l: int | None = None  # noqa: E741 - the API's name
    """Large ones."""

    xl: int | None = None
    """Very large ones."""


class SessionMetrics(Output):
    """What sessions were created, and what came of them."""

    sessions_created_count: int | None = None
    """How many were created."""

    sessions_created_with_playbook_count: int | None = None
    """How many of them follow a playbook."""

    sessions_created_with_search_count: int | None = None
    """How many of them came from a search."""

    sessions_with_merged_prs_count: int | None = None
    """How many of them have a merged pull request."""

    avg_acus_per_session: float | None = None
    """ACUs that one of them spent on average."""

    sessions_created_by_origin: CountByOrigin | None = None
    """How many were started from where."""

    sessions_created_by_size: CountBySize | None = None
    """How many are how large."""

    sessions_with_merged_prs_by_size: CountBySize | None = None
    """How many of those with a merged pull request are how large."""


class PullRequestMetrics(Output):
    """What became of pull requests."""

    prs_created_count: int | None = None
    """How many were created."""

    prs_opened_count: int | None = None
    """How many were opened."""

    prs_merged_count: int | None = None
    """How many were merged."""

    prs_closed_count: int | None = None
    """How many were closed."""

    prs_taken_over_count: int | None = None
    """How many of other people were taken over, where the API counts that."""

    prs_taken_over_opened_count: int | None = None
    """How many of those were opened."""

    prs_taken_over_merged_count: int | None = None
    """How many of those were merged."""

    prs_taken_over_closed_count: int | None = None
    """How many of those were closed."""


class SearchMetrics(Output):
    """How much was searched."""

    searches_created_count: int | None = None
    """How many searches there were."""


class UsageMetrics(Output):
    """The main counts in one."""

    sessions_count: int | None = None
    """How many sessions there were."""

    searches_count: int | None = None
    """How many searches there were."""

    prs_created_count: int | None = None
    """How many pull requests were created."""

    prs_merged_count: int | None = None
    """How many pull requests were merged."""


class ActiveUsers(Output):
    """How many users were active in a stretch of time."""

    active_users: int
    """How many were active."""

    start_time: int
    """When the stretch begins, in Unix seconds."""

    end_time: int
    """When it ends, in Unix seconds."""


class ActiveUserCounts(BareList, Abridged):
    """How many users were active in each of many stretches, which are counted in UTC."""

    items_field: ClassVar[str] = "stretches"

    stretches: Items[ActiveUsers]
    """The stretches, as the API orders them."""


class MetricsPeriod(Input):
    """The time over which to count."""

    time_after: Annotated[UnixSeconds, Example(1767225600)]
    """Count from this time on, in Unix seconds."""

    time_before: Annotated[UnixSeconds, Example(1769904000)]
    """Count up to this time, in Unix seconds."""


class _OfSessions(MetricsPeriod):
    playbook_id: Id | None = None
    """Only sessions that follow this playbook."""

    user_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Only sessions of these users."""

    service_user_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Only sessions of these service users."""


class _OfUsers(MetricsPeriod):
    # A user is active with this many sessions or this many searches (the vendor's rule).
    min_sessions: Annotated[int, Field(ge=0), DOCUMENTED] = 1
    """How many sessions make a user active, even without searches. The API's own default is 1."""

    min_searches: Annotated[int, Field(ge=0), DOCUMENTED] = 1
    """How many searches make a user active, even without sessions. The API's own default is 1."""


class GetSessionMetrics(_OfSessions, Tool[SessionMetrics]):
    """Count the sessions created in a time, by origin, size and outcome."""

    route = GET(METRICS + "/sessions", permission=PERMISSION)
    keywords = (
        "how many jobs did we run, statistics, success rate, failed, dashboard, is it being used, trend, KPI"
    )


class GetPullRequestMetrics(_OfSessions, Tool[PullRequestMetrics]):
    """Count the pull requests that sessions made in a time, and what became of them."""

    route = GET(METRICS + "/prs", permission=PERMISSION)
    keywords = (
        "how many PRs were merged, closed, merge rate, MR statistics, throughput, does its code get "
        "accepted, how good is it, how many got in"
    )


class GetSearchMetrics(MetricsPeriod, Tool[SearchMetrics]):
    """Count the searches that users made in a time."""

    route = GET(METRICS + "/searches", permission=PERMISSION)
    keywords = (
        "how often do people ask the codebase, Ask Devin questions, queries, statistics, DeepWiki usage, "
        "look-ups, how many questions were asked"
    )


class GetUsageMetrics(Tool[UsageMetrics]):
    """Count sessions, searches and pull requests, over all time or a part of it."""

    route = GET(METRICS + "/usage", permission=PERMISSION)
    keywords = (
        "overall adoption, dashboard, statistics, headline numbers, summary for my boss, how much is it "
        "used, activity, KPI, is it worth it, ROI, how are we doing"
    )
    examples = ({"time_after": 1767225600, "time_before": 1769904000},)

    time_after: UnixSeconds | None = None
    """Count from this time on, in Unix seconds."""

    time_before: UnixSeconds | None = None
    """Count up to this time, in Unix seconds."""


class GetActiveUsers(_OfUsers, Tool[ActiveUsers]):
    """Count the users who were active in a time.

    Active is who had enough sessions or enough searches in it.
    """

    route = GET(METRICS + "/active-users", permission=PERMISSION)
    keywords = (
        "how many people use it, adoption, unused seats, headcount, engagement, who bothers to use it, is "
        "anybody really using it, how many of us use it"
    )


class GetDailyActiveUsers(_OfUsers, Detailed[ActiveUserCounts]):
    """Count the users who were active on each day of a time, in UTC.

    Active is who had enough sessions or enough searches on that day.
    """

    route = GET(METRICS + "/dau", permission=PERMISSION)
    keywords = (
        "DAU, how many people use it per weekday, adoption graph by date, engagement, how many of us use "
        "it a day"
    )


class GetWeeklyActiveUsers(_OfUsers, Detailed[ActiveUserCounts]):
    """Count the users who were active in each week of a time, in UTC.

    Active is who had enough sessions or enough searches in that week.
    """

    route = GET(METRICS + "/wau", permission=PERMISSION)
    keywords = (
        "WAU, how many people use it per week, 7 days, weekly adoption trend, engagement, how many of us "
        "use it a week"
    )


class GetMonthlyActiveUsers(_OfUsers, Detailed[ActiveUserCounts]):
    """Count the users who were active in each month of a time, in UTC.

    Active is who had enough sessions or enough searches in that month.
    """

    route = GET(METRICS + "/mau", permission=PERMISSION)
    keywords = (
        "MAU, how many people use it in 30 days, monthly adoption trend, engagement, how many of us use "
        "it a month"
    )
