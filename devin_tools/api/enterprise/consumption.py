"""ACUs spent in an enterprise, day by day, and its billing cycles. Facts: docs.devin.ai, consumption."""

from __future__ import annotations

from ...paging import Items, Page, Paged
from ...tool import Output
from ...wire import GET
from ..consumption import (
    PERMISSION,
    GetDailyConsumption,
    GetServiceUserConsumption,
    GetSessionDailyConsumption,
    GetUserDailyConsumption,
)
from .organizations import OnOrganization

CONSUMPTION = "/v3/enterprise/consumption"
DAILY = CONSUMPTION + "/daily"


class BillingCycle(Output):
    """A time for which one bill is written, and for which limits of ACUs hold."""

    after: int
    """When it begins, in Unix seconds."""

    before: int
    """When it ends, in Unix seconds."""


class BillingCyclePage(Page[BillingCycle]):
    """One page of billing cycles."""

    cycles: Items[BillingCycle]
    """The cycles of this page."""


class GetEnterpriseConsumption(GetDailyConsumption):
    """Read what the whole enterprise spent, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY, permission=PERMISSION)
    keywords = (
        "company bill, cost, usage, credits the whole company burned, total money this month, invoice, "
        "what does it all cost, overall expenses"
    )


class GetOrganizationConsumption(OnOrganization, GetDailyConsumption):
    """Read what one organisation of the enterprise spent, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY + "/organizations/{org_id}", permission=PERMISSION)
    keywords = (
        "what does that team cost us, bill, usage of a department, workspace, how many credits a business "
        "unit burned, how much does marketing cost, expenses of one team"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "time_after": 1767254400},)


class GetEnterpriseSessionAcus(GetSessionDailyConsumption):
    """Read what one session of any organisation spent, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC. Below the Enterprise plan the API answers no days here, which is not a figure of 0.
    """

    route = GET(DAILY + "/sessions/{session_id}", permission=PERMISSION)
    keywords = (
        "what did another team's job cost, price of any run across the company, credits burned by a task "
        "of another team, bill, cost, expensive"
    )


class GetEnterpriseUserAcus(GetUserDailyConsumption):
    """Read what one user spent in all organisations, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY + "/users/{user_id}", permission=PERMISSION)
    keywords = (
        "what did Anna cost the whole company, person's bill across all teams, usage of an employee "
        "everywhere, how much has he burnt everywhere, spending of a person company-wide, credits"
    )


class GetEnterpriseServiceUserAcus(GetServiceUserConsumption):
    """Read what one service user spent in all organisations, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY + "/service-users/{service_user_id}", permission=PERMISSION)
    keywords = (
        "what does the bot cost across all teams, company bill of an integration, robot, usage of a "
        "machine account, credits burned by a pipeline everywhere"
    )


class ListBillingCycles(Paged[BillingCyclePage]):
    """List the billing cycles of the enterprise, one page per call.

    A cycle gives the bounds with which the daily figures are those of one bill.
    """

    route = GET(CONSUMPTION + "/cycles", permission=PERMISSION)
    keywords = (
        "when does the invoice period start, contract months, renewal dates, current statement, payment "
        "period, when does the billing month close, how long does our contract run"
    )
    examples = ({"limit": 12},)
