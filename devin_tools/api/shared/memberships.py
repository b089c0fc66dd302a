"""What tools about people, groups and service users with their roles are made of. Not tools themselves."""

from __future__ import annotations

from typing import Annotated

from ...tool import DESTROY, WRITE, Example, Input
from .fields import Id, Text

MANAGE = "ManageAccountMembership"

ADD = WRITE.administrative().reversible()
CHANGE = WRITE.idempotent().administrative()
REMOVE = DESTROY.idempotent().administrative()


class ByEmail(Input):
    """What narrows a list of people down to one."""

    email: Text | None = None
    """Only the person of exactly this mail address."""


class WithEnterpriseRole(Input):
    """What a tool takes that gives a role in the enterprise."""

    role_id: Annotated[Id, Example("role-enterprise-member")]
    """Which role: one of the type `enterprise`."""


class WithOrganizationRole(Input):
    """What a tool takes that gives a role in an organisation."""

    role_id: Annotated[Id, Example("role-member")]
    """Which role: one of the type `org`."""
