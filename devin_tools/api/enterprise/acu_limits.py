"""Limits of the ACUs that may be spent in a billing cycle. Facts: the vendor's Terraform provider."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ...paging import Items, Page, Paged
from ...tool import DESTROY, DOCUMENTED, WRITE, Example, Output, Tool
from ...wire import DELETE, GET, PUT
from ..shared.empty import Done
from ..shared.fields import known
from .organizations import OnOrganization

LIMITS = "/v3/enterprise/consumption/acu-limits/devin"
OF_ORGANIZATION = LIMITS + "/organizations/{org_id}"
PERMISSION = "ManageBilling"


class AcuLimit(Output):
    """The most ACUs that somebody may spend in a billing cycle."""

    cycle_acu_limit: int
    """The most ACUs in a billing cycle; 0 lets nothing be spent."""

    scope: Annotated[str, known("enterprise", "org", "user")]
    """Whose limit it is: that of the enterprise, of an organisation or of a user."""

    org_id: str | None = None
    """The organisation, where it is the limit of one."""

    user_id: str | None = None
    """The user, where it is the limit of one."""


class AcuLimitPage(Page[AcuLimit]):
    """One page of limits."""

    item_id: ClassVar[str] = ""  # neither id is always there

    limits: Items[AcuLimit]
    """The limits of this page."""


class ListAcuLimits(Paged[AcuLimitPage]):
    """List the ACU limits of billing cycles, one page per call.

    Those of the enterprise, of its organisations and of users, for Devin's own sessions; the API
    documents how to change those of organisations only.
    """

    route = GET(LIMITS, permission=PERMISSION)
    keywords = (
        "spending caps, budgets of each team, how much may they burn this month, quota, allowance, "
        "ceiling of a person, what is left, how much can each still spend, limits"
    )
    examples = ({"limit": 50},)


class SetOrganizationAcuLimit(OnOrganization, Tool[Done]):
    """Set the most ACUs that an organisation may spend in a billing cycle.

    It replaces a limit that was set before; `devin_list_acu_limits` shows it. With 0 the
    organisation can spend nothing.
    """

    route = PUT(OF_ORGANIZATION, permission=PERMISSION)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "cap what a team may burn, stop a team from overspending, give them more credits this month, not "
        "more than 500, limit what interns can spend, do not let them burn, raise or lower the budget, "
        "quota"
    )

    cycle_acu_limit: Annotated[int, Field(ge=0), DOCUMENTED, Example(1_000)]
    """The most ACUs in a billing cycle: a whole number, 0 or more."""


class RemoveOrganizationAcuLimit(OnOrganization, Tool[Done]):
    """Remove the limit of the ACUs that an organisation may spend in a billing cycle.

    Other limits still hold: that of the enterprise, of users, and of groups of organisations.
    """

    route = DELETE(OF_ORGANIZATION, permission=PERMISSION)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "uncap a team, lift the ceiling, unlimited budget, no quota, let them spend freely, as much as "
        "they like, take the brake off"
    )
