"""Groups of the identity provider: which are known, and which roles the people in them have by that.

Facts: the vendor's Terraform provider (its OpenAPI document), docs.devin.ai. A group is registered by its
name, and then given a role. Who is in a group, only the identity provider says.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ...paging import Abridged, BareList, Detailed, Items, Page, Paged
from ...tool import DOCUMENTED, READ, WRITE, Example, Input, Output, Tool
from ...wire import DELETE, GET, PATCH, POST
from ..members import RoleAssignment
from ..shared.fields import Name, Untrusted
from ..shared.memberships import (
    ADD,
    CHANGE,
    MANAGE,
    REMOVE,
    WithEnterpriseRole,
    WithOrganizationRole,
)
from .organizations import OnOrganization

REGISTERED = "/v3/enterprise/idp-groups"
GROUPS = "/v3/enterprise/members/idp-groups"
GROUP = GROUPS + "/{idp_group_name}"
GROUPS_OF_ORGANIZATION = "/v3/enterprise/organizations/{org_id}/members/idp-groups"
GROUP_OF_ORGANIZATION = GROUPS_OF_ORGANIZATION + "/{idp_group_name}"


class IdpGroup(Abridged):
    """A group of the identity provider with the roles of those in it."""

    idp_group_name: Untrusted
    """The name."""

    role_assignments: list[RoleAssignment] = []
    """The roles given to the group."""


class IdpGroupPage(Page[IdpGroup]):
    """One page of groups with roles."""

    idp_groups: Items[IdpGroup]
    """The groups of this page."""


class RegisteredIdpGroup(Output):
    """A group of the identity provider that is known by its name."""

    idp_group_name: Untrusted
    """The name."""


class RegisteredIdpGroupPage(Page[RegisteredIdpGroup]):
    """One page of the groups that are known."""

    idp_groups: Items[RegisteredIdpGroup]
    """The groups of this page."""


class RegisteredIdpGroups(BareList, Abridged):
    """The groups that were registered."""

    items_field: ClassVar[str] = "idp_groups"

    idp_groups: Items[RegisteredIdpGroup]
    """The groups."""


class _OnGroup(Input):
    idp_group_name: Annotated[Name, Example("engineering")]
    """Which group, by its name with the identity provider. It can hold spaces and slashes."""


class ListRegisteredIdpGroups(Paged[RegisteredIdpGroupPage]):
    """List the identity provider's groups that are registered, one page per call.

    Those with roles in the enterprise or in an organisation are on lists of their own.
    """

    route = GET(REGISTERED, permission=MANAGE)
    keywords = (
        "which Okta, Entra, AD ones are known, SSO directory entries, SCIM sync, which directory groups "
        "can we pick"
    )
    examples = ({"limit": 50},)


class RegisterIdpGroups(Tool[RegisteredIdpGroups]):
    """Register groups of the identity provider by name, so that they can get roles.

    Those that are registered already are left as they are.
    """

    route = POST(REGISTERED, permission=MANAGE)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "connect an Okta, Entra, AD team, SSO, SAML: make it known, onboard, sync from the directory, "
        "SCIM, new group in the directory, announce it"
    )
    examples = ({"idp_group_names": ["engineering", "Data Science"]},)

    idp_group_names: Annotated[list[Name], Field(min_length=1, max_length=100), DOCUMENTED]
    """The names, 1 to 100, as the identity provider writes them."""


class UnregisterIdpGroup(_OnGroup, Tool[RegisteredIdpGroup]):
    """Unregister a group of the identity provider, so that it can get no role.

    Whether the roles that it has go too is not documented: to be sure, take them away first.
    """

    route = DELETE(REGISTERED + "/{idp_group_name}", permission=MANAGE)
    effect = REMOVE
    keywords = (
        "disconnect an Okta, Entra, AD team, SSO: forget it, drop from the directory, group no longer "
        "exists in the directory"
    )


class ListIdpGroups(Paged[IdpGroupPage]):
    """List the identity provider's groups that have roles, one page per call.

    Each comes with its roles in the enterprise and its organisations.
    """

    route = GET(GROUPS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "what may each Okta, Entra, AD team do, SSO access overview across the company, mapping of the "
        "directory to rights, which directory groups have access, to what"
    )
    examples = ({"limit": 50},)


class GetIdpGroup(_OnGroup, Detailed[IdpGroup]):
    """Read one group of the identity provider with its roles."""

    route = GET(GROUP, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "rights of this Okta, Entra team, SSO rights of one directory entry, what that directory group may do"
    )


class AssignIdpGroupRole(_OnGroup, WithEnterpriseRole, Tool[IdpGroup]):
    """Assign a role in the enterprise to a group of the identity provider.

    It holds for everybody in the group. A group that has one already is refused: change it instead.
    """

    route = POST(GROUP, permission=MANAGE)
    effect = ADD
    keywords = (
        "make an Okta, Entra team admins, SSO: give company-wide rights at once, map the directory to "
        "rights, grant, everybody in this directory group may, by group, read-only for all"
    )


class UpdateIdpGroup(_OnGroup, WithEnterpriseRole, Tool[IdpGroup]):
    """Change the role of a group in the enterprise."""

    route = PATCH(GROUP, permission=MANAGE)
    effect = CHANGE
    keywords = (
        "promote, demote an Okta, Entra team, SSO: other company-wide rights, directory group: fewer "
        "rights, more rights, everywhere"
    )


class RemoveIdpGroup(_OnGroup, Tool[IdpGroup]):
    """Take the roles of a group away, in the enterprise and in every organisation.

    The group stays registered. The output is what it was.
    """

    route = DELETE(GROUP, permission=MANAGE)
    effect = REMOVE
    keywords = (
        "strip an Okta, Entra team of all rights, SSO: cut off everyone, revoke, directory group: no "
        "access at all"
    )


class ListOrganizationIdpGroups(OnOrganization, ListIdpGroups):
    """List the groups that have roles in an organisation, one page per call."""

    route = GET(GROUPS_OF_ORGANIZATION, permission=MANAGE)
    keywords = (
        "Okta, Entra teams with a way in here, SSO access to one workspace, overview, directory groups "
        "with access to a team"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},)


class GetOrganizationIdpGroup(OnOrganization, GetIdpGroup):
    """Read one group of the identity provider with its role in an organisation."""

    route = GET(GROUP_OF_ORGANIZATION, permission=MANAGE)
    keywords = (
        "what may this Okta, Entra team do there, SSO rights in one workspace, may that directory group "
        "enter this team"
    )


class AddOrganizationIdpGroup(OnOrganization, _OnGroup, WithOrganizationRole, Tool[IdpGroup]):
    """Assign a role in an organisation to a group of the identity provider.

    It holds for everybody in the group. A group that has one there already is refused: change it instead.
    """

    route = POST(GROUP_OF_ORGANIZATION, permission=MANAGE)
    effect = ADD
    keywords = (
        "let an Okta, Entra team into a workspace, SSO: grant access to a department, directory group may "
        "work in a team"
    )


class UpdateOrganizationIdpGroup(OnOrganization, _OnGroup, WithOrganizationRole, Tool[IdpGroup]):
    """Change the role of a group in an organisation."""

    route = PATCH(GROUP_OF_ORGANIZATION, permission=MANAGE)
    effect = CHANGE
    keywords = (
        "promote an Okta, Entra team in one place, SSO: other rights in a workspace, more, directory "
        "group: less in one team"
    )


class RemoveOrganizationIdpGroup(OnOrganization, _OnGroup, Tool[IdpGroup]):
    """Take the role of a group in an organisation away.

    Its roles elsewhere stay, and so does its registration. The output is what it was.
    """

    route = DELETE(GROUP_OF_ORGANIZATION, permission=MANAGE)
    effect = REMOVE
    keywords = (
        "Okta, Entra team out of one place, SSO: no access to a workspace any more, directory group: shut "
        "out of one team"
    )
