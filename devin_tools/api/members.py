"""The people of an organisation. Facts: docs.devin.ai, organisation members (beta, since June 2026)."""

from __future__ import annotations

from typing import Annotated

from ..paging import Abridged, Detailed, Items, Page, Paged
from ..tool import READ, Example, Output
from ..wire import GET
from .shared.fields import Id, Untrusted
from .shared.memberships import ByEmail

MEMBERS = "/v3beta1/organizations/{org_id}/members"
PERMISSION = "ViewOrgMembership"


class Role(Output):
    """A role: a set of permissions."""

    role_id: str
    """The id."""

    role_name: Untrusted | None = None
    """The name."""

    role_type: str | None = None
    """Whether it is a role of the organisation or of the enterprise."""


class RoleAssignment(Output):
    """A role that a person has."""

    role: Role
    """The role."""

    org_id: str | None = None
    """Where it holds; null: in the whole enterprise."""


class IdpRoleAssignment(RoleAssignment):
    """A role that a person has through a group of the identity provider."""

    idp_group_name: Untrusted | None = None
    """The group."""


class Member(Abridged):
    """A person of the organisation."""

    user_id: str
    """The id. It can hold `|`, as those of identity providers do."""

    email: Untrusted | None = None
    """The mail address."""

    name: Untrusted | None = None
    """The name."""

    role_assignments: list[RoleAssignment] | None = None
    """The roles given to this person; null where the API names only those that come from groups."""

    idp_role_assignments: list[IdpRoleAssignment] | None = None
    """The roles that come from groups, where those were asked for."""


class MemberPage(Page[Member]):
    """One page of people."""

    members: Items[Member]
    """The people of this page."""


class ListMembers(ByEmail, Paged[MemberPage]):
    """List the people of the organisation, one page per call."""

    route = GET(MEMBERS + "/users", permission=PERMISSION)
    effect = READ.private()
    keywords = (
        "who is on the team, colleagues, staff, users with access here, roster, headcount, who can log "
        "in, who else is here, names of the people, our crew, who can sign in, who belongs to us"
    )
    examples = ({"limit": 50}, {"email": "ada@example.com"})


class GetMember(Detailed[Member]):
    """Read one person of the organisation."""

    route = GET(MEMBERS + "/users/{user_id}", permission=PERMISSION)
    effect = READ.private()
    keywords = (
        "which role, e-mail has this colleague, look up a user, teammate, profile, is Anna an admin here, "
        "has she access here, when did he join, still an admin"
    )

    user_id: Annotated[Id, Example("google-oauth2|100000000000000000001")]
    """Which person."""


class ListIdpMembers(ByEmail, Paged[MemberPage]):
    """List the people who have roles through groups, one page per call.

    The groups are those of the identity provider.
    """

    route = GET(MEMBERS + "/idp-users", permission=PERMISSION)
    effect = READ.private()
    keywords = (
        "users with access by SSO, Okta, Entra, who got in through Azure AD, SAML, SCIM, inherited access "
        "from the directory"
    )
    examples = ({"limit": 50},)
