"""ACUs spent, day by day: the figures of the bill. Facts: docs.devin.ai, consumption."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ..moved import moved_name
from ..paging import Abridged, Detailed
from ..tool import Example, Output
from ..wire import GET
from .session import OnSession
from .shared.fields import Id
from .shared.times import UnixSeconds

DAILY = "/v3/organizations/{org_id}/consumption/daily"
PERMISSION = "ManageBilling"
"""As the pages of these paths name it, at the level of the organisation; newer notes of others say
ViewOrgConsumption. The API's own text decides."""


class AcusByProduct(Output):
    """ACUs of one day by product. Products that came later are kept under their own names."""

    devin: float | None = None
    """ACUs of Devin sessions; null for no figure."""

    cascade: float | None = None
    """ACUs of Cascade; null for no figure."""

    terminal: float | None = None
    """ACUs of the terminal; null for no figure."""

    review: float | None = None
    """ACUs of pull-request reviews; null for no figure."""


class ConsumptionDay(Output):
    """What was spent on one day."""

    date: int
    """When the day began, in Unix seconds. A day begins at midnight PST, which is 08:00 UTC."""

    acus: float
    """ACUs spent on that day."""

    acus_by_product: AcusByProduct | None = None
    """The same by product."""


class Consumption(Abridged):
    """What was spent, in all and by day."""

    items_field: ClassVar[str] = "consumption_by_date"

    total_acus: float
    """ACUs spent on all these days."""

    consumption_by_date: list[ConsumptionDay]
    """The days. Each begins at 08:00 UTC, which is midnight PST."""


class _Period(Detailed[Consumption]):
    time_after: UnixSeconds | None = None
    """Consumption after this time, in Unix seconds. Days begin at 08:00 UTC."""

    time_before: UnixSeconds | None = None
    """Consumption before this time, in Unix seconds. Days begin at 08:00 UTC."""


class GetDailyConsumption(_Period):
    """Read what the organisation spent, day by day.

    These are the figures of the bill, and come some hours late; `acus_consumed` of a session is a
    running figure. A day begins at midnight PST, which is 08:00 UTC.
    """

    route = GET(DAILY, permission=PERMISSION)
    keywords = (
        "what did we burn, cost, bill, usage, how many credits are gone this month, money, invoice, "
        "budget of the team, spending over time, burn rate, how much have we used, what are we paying, "
        "how expensive, spent so far"
    )
    examples = ({"time_after": 1767254400, "time_before": 1769932800},)


class GetSessionDailyConsumption(OnSession, _Period):
    """Read what one session spent, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY + "/sessions/{session_id}", permission=PERMISSION)
    keywords = (
        "what did that job cost, price, bill of a single run, credits one task burned, why was it so "
        "expensive, what was the price of this task"
    )


class GetUserDailyConsumption(_Period):
    """Read what one user spent, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY + "/users/{user_id}", permission=PERMISSION)
    keywords = (
        "what did Anna cost us, usage, bill of a person, colleague, who burned the credits, employee, "
        "spending of one developer, how much has he burnt, is she spending too much"
    )

    user_id: Annotated[Id, Example("google-oauth2|1234567890")]
    """Which user. The id can hold `|`, as those of identity providers do."""


class GetServiceUserConsumption(_Period):
    """Read what one service user spent, day by day.

    These are the figures of the bill, and come some hours late. A day begins at midnight PST, which
    is 08:00 UTC.
    """

    route = GET(DAILY + "/service-users/{service_user_id}", permission=PERMISSION)
    keywords = (
        "what does the CI bot cost, usage, bill of an integration, machine, credits burned by a robot "
        "account, how expensive is our pipeline"
    )

    service_user_id: Annotated[Id, Example("service-user-simulator")]
    """Which service user."""


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
