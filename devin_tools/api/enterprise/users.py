"""The people of an enterprise, and those of its organisations, with their roles.

Facts: the vendor's Terraform provider (its OpenAPI document), docs.devin.ai. To remove a person from an
organisation and to remove a person from the enterprise are two calls.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from ...paging import Abridged, BareList, Detailed, Items, Page, Paged
from ...tool import DOCUMENTED, READ, WRITE, Example, Input, Tool
from ...wire import DELETE, GET, PATCH, POST
from ..members import ListIdpMembers, ListMembers, Member, MemberPage
from ..shared.fields import Id
from ..shared.memberships import (
    ADD,
    CHANGE,
    MANAGE,
    REMOVE,
    ByEmail,
    WithEnterpriseRole,
    WithOrganizationRole,
)
from ..shared.once import CreateOnce
from .organizations import OnOrganization

USERS = "/v3/enterprise/members/users"
USER = USERS + "/{user_id}"
OF_ORGANIZATION = "/v3/enterprise/organizations/{org_id}/members"
USER_OF_ORGANIZATION = OF_ORGANIZATION + "/users/{user_id}"
VIEW = "ViewAccountMembership"

Email = Annotated[str, StringConstraints(min_length=3, pattern=r"^[^@\s]+@[^@\s]+$")]


class EnterpriseUser(Member):
    """A person of the enterprise."""

    enterprise_joined_at: int | None = None
    """When this person joined the enterprise, in Unix seconds; null: not known, or not yet."""


class EnterpriseUserPage(Page[EnterpriseUser]):
    """One page of the people of an enterprise."""

    users: Items[EnterpriseUser]
    """The people of this page."""


class InvitedUsers(BareList, Abridged):
    """The people who were invited."""

    items_field: ClassVar[str] = "users"

    users: Items[Member]
    """The people, with the roles that they have now."""


class _OnUser(Input):
    user_id: Annotated[Id, Example("okta|00u0000000000000004")]
    """Which person. The id can hold `|`, as those of identity providers do."""


class ListEnterpriseUsers(ByEmail, Paged[EnterpriseUserPage]):
    """List the people of the enterprise, one page per call.

    Each comes with the roles given to this person, in the enterprise and in its organisations.
    """

    route = GET(USERS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "everybody in the company, staff, seats, all accounts, licences, who can log in, employees, "
        "admins across teams, who can sign in, who belongs to the company"
    )
    examples = ({"limit": 50}, {"email": "ada@example.com"})


class GetEnterpriseUser(_OnUser, Detailed[EnterpriseUser]):
    """Read one person of the enterprise, with the roles that come from groups."""

    route = GET(USER, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "what may Anna do, effective rights, which teams is she in, is Anna an admin, what can he reach, "
        "look up an employee, employee profile"
    )


class InviteUsers(CreateOnce[InvitedUsers]):
    """Invite people to the enterprise by e-mail, all with one role.

    Each address is sent an invitation. When the answer is lost nothing is repeated: the error asks you to
    look at the list first. People get into an organisation by another call, which gives them a role there.
    """

    route = POST(USERS, permission=MANAGE)
    effect = WRITE.administrative()
    keywords = (
        "onboard new hires, joiner, add staff, she starts on Monday, needs a login, newcomer, register, "
        "add people, sign them up, give a new colleague an account, give out a seat, welcome a new hire"
    )
    examples = ({"emails": ["lin@example.com"], "enterprise_role_id": "role-enterprise-member"},)

    emails: Annotated[list[Email], Field(max_length=100), DOCUMENTED]
    """The mail addresses, at most 100."""

    enterprise_role_id: Id
    """Which role they get in the enterprise: one of the type `enterprise`."""


class UpdateEnterpriseUser(_OnUser, WithEnterpriseRole, Tool[Member]):
    """Change the role of a person in the enterprise.

    Roles in organisations stay as they are, and so do those that come from groups.
    """

    route = PATCH(USER, permission=MANAGE)
    effect = CHANGE
    keywords = (
        "make him an admin, company-wide rights of an employee, take away her admin powers, administrator "
        "of everything, owner, superuser, promote or demote him, higher or lower rights"
    )


class RemoveEnterpriseUser(_OnUser, Tool[Member]):
    """Remove a person from the enterprise, and so from every organisation of it.

    The output is what there was to know of this person.
    """

    route = DELETE(USER, permission=MANAGE)
    effect = REMOVE
    keywords = (
        "got fired, offboard, deactivate, delete the account, take away all his access, leaver, free a "
        "seat, licence, he resigned, lock him out, no longer works here, disable, kick out, somebody "
        "left, he quit"
    )


class ListEnterpriseIdpUsers(ByEmail, Paged[MemberPage]):
    """List the people of the enterprise who have roles through groups, by page.

    The groups are those of the identity provider.
    """

    route = GET("/v3/enterprise/members/idp-users", permission=MANAGE)
    effect = READ.private()
    keywords = (
        "who in the company got in by SSO, Okta, inherited access, Entra, SAML, SCIM, whose access comes "
        "from the directory, company-wide"
    )
    examples = ({"limit": 50},)


class ListOrganizationUsers(OnOrganization, ListMembers):
    """List the people of an organisation of the enterprise, one page per call."""

    route = GET(OF_ORGANIZATION + "/users", permission=VIEW)
    keywords = (
        "who is in that team, its crew, staff of a workspace, department, who works in that team, who has "
        "access to it"
    )
    examples = (
        {"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},
        {"org_id": "org-0123456789abcdef0123456789abcdef", "email": "ada@example.com"},
    )


class AddOrganizationUser(OnOrganization, _OnUser, WithOrganizationRole, Tool[Member]):
    """Add a person of the enterprise to one of its organisations, with a role.

    Who has a role of their own there already is refused: it can be changed, or removed first.
    """

    route = POST(USER_OF_ORGANIZATION, permission=MANAGE)
    effect = ADD
    keywords = (
        "let a colleague into a team, grant Bob access to a workspace, put her on the team, add to a team "
        "as well, moves from one team to another, fix her access, she joins another department"
    )


class UpdateOrganizationUser(OnOrganization, _OnUser, WithOrganizationRole, Tool[Member]):
    """Change the role of a person in an organisation."""

    route = PATCH(USER_OF_ORGANIZATION, permission=MANAGE)
    effect = CHANGE
    keywords = (
        "team admin, administrator of a team, team lead, make her lead, promote or demote someone in a "
        "team, other rights there"
    )


class RemoveOrganizationUser(OnOrganization, _OnUser, Tool[Member]):
    """Remove a person from an organisation; the person stays in the enterprise.

    A role that comes from a group stays too. The output is what there was to know of the membership.
    """

    route = DELETE(USER_OF_ORGANIZATION, permission=MANAGE)
    effect = REMOVE
    keywords = (
        "take away his access to a team, she changed department, kick from team, off the team, out of the "
        "team, no longer in our group, no longer on the project"
    )


class ListOrganizationIdpUsers(OnOrganization, ListIdpMembers):
    """List the people who have roles in an organisation through groups, by page.

    The groups are those of the identity provider.
    """

    route = GET(OF_ORGANIZATION + "/idp-users", permission=VIEW)
    keywords = (
        "who in that team got in by SSO, Okta, inherited workspace access, Entra, SAML, team access by "
        "way of the directory"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},)
