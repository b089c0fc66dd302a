"""The figures of a report of what was spent."""

from __future__ import annotations

from ..api.consumption import ConsumptionDay
from ..api.shared.fields import Untrusted
from ..tool import Output


class WithLimit(Output):
    """What may be spent in a billing cycle."""

    limit_acus: float | None = None
    """The most ACUs in a billing cycle, where a limit is known; of several, the one that is nearest."""

    limit_share: float | None = None
    """How much of that limit is spent, from 0 on; null where the time is not one billing cycle."""


class OrganizationSpend(WithLimit):
    """What one organisation spent."""

    org_id: str
    """The organisation."""

    name: Untrusted | None = None
    """Its name."""

    acus: float
    """ACUs it spent, as billed."""

    share: float | None = None
    """Its part of the total, from 0 to 1; null when nothing was spent."""


class UserSpend(WithLimit):
    """What one user, or one service user on nobody's behalf, spent."""

    user_id: str | None = None
    """The user."""

    service_user_id: str | None = None
    """The service user, where it is not a user."""

    acus: float
    """ACUs spent, as billed."""

    share: float | None = None
    """The part of the total, from 0 to 1; null when nothing was spent."""


class SessionSpend(Output):
    """What one session spent."""

    session_id: str
    """The session."""

    title: Untrusted | None = None
    """Its title."""

    url: str | None = None
    """Where a person can read it."""

    org_id: str | None = None
    """Its organisation."""

    user_id: str | None = None
    """The user on whose behalf it ran."""

    service_user_id: str | None = None
    """The service user that started it."""

    acus: float | None = None
    """ACUs it spent in the time, as billed; null where the API gives no figure, which does not mean 0."""

    share: float | None = None
    """Its part of the total, from 0 to 1; null without a figure."""

    running_acus: float | None = None
    """ACUs it spent in its whole life, by its own running figure."""


class SpendReport(WithLimit):
    """What was spent in a time, and by whom."""

    time_after: int | None
    """When the time begins, in Unix seconds; null for no bound."""

    time_before: int | None
    """When it ends, in Unix seconds; null for no bound."""

    is_billing_cycle: bool
    """Whether the time is one billing cycle: only then are figures compared with limits."""

    total_acus: float
    """ACUs that the whole enterprise spent, as billed."""

    acus_by_product: dict[str, float]
    """The same by product, where the API says it."""

    days: list[ConsumptionDay]
    """The same by day, from the first day to the last on which something was spent."""

    organizations: list[OrganizationSpend]
    """All organisations, the largest spender first."""

    users: list[UserSpend]
    """The largest spenders among users and service users, the largest first."""

    sessions: list[SessionSpend]
    """The sessions that spent most, the largest first."""

    notes: list[str]
    """What a reader must know of these figures, such as what the key may not read."""

    markdown: Untrusted
    """The report as Markdown, with bars of text."""

    picture: str | None = None
    """Where the picture is, if one was asked for and saved."""
