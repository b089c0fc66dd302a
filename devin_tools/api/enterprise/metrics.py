"""How an enterprise uses Devin: counts over a time, of all its organisations or of some.

Facts: docs.devin.ai, enterprise metrics.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ...paging import Abridged, Detailed
from ...tool import Input, Output, Tool
from ...wire import GET
from ..metrics import (
    PERMISSION,
    GetActiveUsers,
    GetDailyActiveUsers,
    GetMonthlyActiveUsers,
    GetSearchMetrics,
    GetSessionMetrics,
    GetUsageMetrics,
    GetWeeklyActiveUsers,
    MetricsPeriod,
    PullRequestMetrics,
)
from ..shared.fields import Id, Untrusted
from .organizations import OnOrganization

METRICS = "/v3/enterprise/metrics"


class SubcategoryCount(Output):
    """The sessions of one subcategory."""

    display_name: Untrusted
    """What the web app calls it."""

    subcategory_id: str | None = None
    """The id; null for sessions that have none."""

    sessions_count: int | None = None
    """How many sessions are in it."""

    acus: float | None = None
    """ACUs that they spent."""


class CategoryCount(Output):
    """The sessions of one category."""

    category: str
    """The category."""

    sessions_count: int | None = None
    """How many sessions are in it."""

    acus: float | None = None
    """ACUs that they spent."""

    subcategories: list[SubcategoryCount] = []
    """The same by subcategory."""


class CategoryMetrics(Abridged):
    """How many sessions there were of which kind, and what they spent."""

    items_field: ClassVar[str] = "categories"

    categories: list[CategoryCount]
    """The categories."""


class _InOrganizations(Input):
    org_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Only these organisations; left out, all of the enterprise."""


class GetEnterpriseSessionMetrics(_InOrganizations, GetSessionMetrics):
    """Count the sessions created in all organisations, by origin, size and outcome."""

    route = GET(METRICS + "/sessions", permission=PERMISSION)
    keywords = (
        "how many jobs the company ran, success rate across all teams, dashboard, company statistics, "
        "KPI, failed, trend, how much work did all teams give it"
    )


# The organisation's has filters by playbook and user, which no document names for this one.
class GetEnterprisePrMetrics(_InOrganizations, MetricsPeriod, Tool[PullRequestMetrics]):
    """Count the pull requests of all organisations, and what became of them."""

    route = GET(METRICS + "/prs", permission=PERMISSION)
    keywords = (
        "PRs merged across the company, MR, merge rate of all teams, throughput, how many PRs landed in "
        "all teams, merged or closed"
    )


class GetEnterpriseSearchMetrics(_InOrganizations, GetSearchMetrics):
    """Count the searches that users made in all organisations."""

    route = GET(METRICS + "/searches", permission=PERMISSION)
    keywords = (
        "how often all teams ask the codebase, company-wide DeepWiki, Ask Devin usage, how many questions "
        "do people ask, queries, company-wide"
    )


class GetEnterpriseCategoryMetrics(_InOrganizations, MetricsPeriod, Detailed[CategoryMetrics]):
    """Count the sessions of all organisations by category, with the ACUs they spent."""

    route = GET(METRICS + "/sessions-by-category", permission=PERMISSION)
    keywords = (
        "what kind of work do we use it for, bug fixing, migrations, tests: breakdown, use cases, purpose, "
        "share of the money, company report by type of job"
    )


class GetEnterpriseUsageMetrics(GetUsageMetrics):
    """Count sessions, searches and pull requests of all organisations together."""

    route = GET(METRICS + "/usage", permission=PERMISSION)
    keywords = (
        "company adoption, headline numbers, dashboard, summary for the board, are all teams really using "
        "it, ROI, activity, how much is it used"
    )


class GetOrganizationUsageMetrics(OnOrganization, GetUsageMetrics):
    """Count sessions, searches and pull requests of one organisation."""

    route = GET("/v3/enterprise/organizations/{org_id}/metrics/usage", permission=PERMISSION)
    keywords = (
        "adoption of that team, headline numbers, how much does a department use it, activity, dashboard "
        "of one workspace, is that team really using it"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "time_after": 1767225600},)


class GetEnterpriseActiveUsers(_InOrganizations, GetActiveUsers):
    """Count the users of all organisations who were active in a time.

    Active is who had enough sessions or enough searches in it.
    """

    route = GET(METRICS + "/active-users", permission=PERMISSION)
    keywords = (
        "how many people use it company-wide, adoption, seats, licences in use, engagement across teams, "
        "headcount, are people really using it across teams, unused seats"
    )


class GetEnterpriseDau(_InOrganizations, GetDailyActiveUsers):
    """Count the users of all organisations who were active on each day, in UTC.

    Active is who had enough sessions or enough searches on that day.
    """

    route = GET(METRICS + "/dau", permission=PERMISSION)
    keywords = (
        "how many people a day, company-wide, adoption by weekday across teams, DAU of the company, daily "
        "engagement"
    )


class GetEnterpriseWau(_InOrganizations, GetWeeklyActiveUsers):
    """Count the users of all organisations who were active in each week, in UTC.

    Active is who had enough sessions or enough searches in that week.
    """

    route = GET(METRICS + "/wau", permission=PERMISSION)
    keywords = (
        "how many people a week, company-wide, adoption week by week across teams, WAU of the company, "
        "weekly engagement"
    )


class GetEnterpriseMau(_InOrganizations, GetMonthlyActiveUsers):
    """Count the users of all organisations who were active in each month, in UTC.

    Active is who had enough sessions or enough searches in that month.
    """

    route = GET(METRICS + "/mau", permission=PERMISSION)
    keywords = (
        "how many people a month, company-wide, adoption month by month across teams, MAU of the company, "
        "monthly engagement"
    )
