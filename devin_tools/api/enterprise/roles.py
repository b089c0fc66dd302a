"""The roles of an enterprise and of its organisations: they can be read, and nothing here makes any.

Facts: the vendor's Terraform provider (its OpenAPI document), docs.devin.ai.
"""

from __future__ import annotations

from typing import Annotated

from ...paging import Items, Page, Paged
from ...tool import Example, Tool
from ...wire import GET
from ..members import Role
from ..shared.fields import Id
from ..shared.memberships import MANAGE

ROLES = "/v3/enterprise/roles"


class RoleDetail(Role):
    """A role with what it permits."""

    permissions: list[str] | None = None
    """The vendor's names of what it permits, such as `ViewOrgSessions`; null: the API does not say."""


class RolePage(Page[Role]):
    """One page of roles."""

    roles: Items[Role]
    """The roles of this page."""


class ListRoles(Paged[RolePage]):
    """List the roles of the enterprise, one page per call.

    Those of the type `enterprise` are for the enterprise, those of the type `org` for one organisation.
    """

    route = GET(ROLES, permission=MANAGE)
    keywords = "which rights, access levels can I give, RBAC, role ids, is there an admin, a member, a viewer"
    examples = ({"limit": 50},)


class GetRole(Tool[RoleDetail]):
    """Read one role and the permissions it gives."""

    route = GET(ROLES + "/{role_id}", permission=MANAGE)
    keywords = (
        "what is an admin allowed to do, rights, RBAC, capabilities of a level, can a viewer delete "
        "things, what exactly can a viewer do"
    )

    role_id: Annotated[Id, Example("role-member")]
    """Which role."""
