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
        "SSO directory entries, SCIM sync, which directory groups can we pick, which Okta or Entra ones "
        "are known, Active Directory"
    )
    examples = ({"limit": 50},)


class RegisterIdpGroups(Tool[RegisteredIdpGroups]):
    """Register groups of the identity provider by name, so that they can get roles.

    Those that are registered already are left as they are.
    """

    route = POST(REGISTERED, permission=MANAGE)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "sync from the directory, SCIM, new group in the directory, connect an Okta or Entra group, make "
        "it known for SSO, SAML, Active Directory"
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
        "drop from the directory, group no longer exists in the directory, disconnect an Okta or Entra "
        "group, SSO should forget it, Active Directory"
    )


class ListIdpGroups(Paged[IdpGroupPage]):
    """List the identity provider's groups that have roles, one page per call.

    Each comes with its roles in the enterprise and its organisations.
    """

    route = GET(GROUPS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "SSO access overview across the company, mapping of the directory to rights, which directory "
        "groups have access, what may each Okta or Entra group do, Active Directory"
    )
    examples = ({"limit": 50},)


class GetIdpGroup(_OnGroup, Detailed[IdpGroup]):
    """Read one group of the identity provider with its roles."""

    route = GET(GROUP, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "SSO rights of one directory entry, what that directory group may do, look up an Okta or Entra group"
    )


class AssignIdpGroupRole(_OnGroup, WithEnterpriseRole, Tool[IdpGroup]):
    """Assign a role in the enterprise to a group of the identity provider.

    It holds for everybody in the group. A group that has one already is refused: change it instead.
    """

    route = POST(GROUP, permission=MANAGE)
    effect = ADD
    keywords = (
        "SSO: give company-wide rights at once, map the directory to rights, everybody in this directory "
        "group may, read-only for all, make an Okta or Entra group admins, grant rights by group"
    )


class UpdateIdpGroup(_OnGroup, WithEnterpriseRole, Tool[IdpGroup]):
    """Change the role of a group in the enterprise."""

    route = PATCH(GROUP, permission=MANAGE)
    effect = CHANGE
    keywords = (
        "SSO: other company-wide rights, directory group: fewer rights, promote or demote an Okta or "
        "Entra group, more rights everywhere"
    )


class RemoveIdpGroup(_OnGroup, Tool[IdpGroup]):
    """Take the roles of a group away, in the enterprise and in every organisation.

    The group stays registered. The output is what it was.
    """

    route = DELETE(GROUP, permission=MANAGE)
    effect = REMOVE
    keywords = (
        "SSO: cut off everyone, directory group: no access at all, revoke it for the group, strip an Okta "
        "or Entra group of rights"
    )


class ListOrganizationIdpGroups(OnOrganization, ListIdpGroups):
    """List the groups that have roles in an organisation, one page per call."""

    route = GET(GROUPS_OF_ORGANIZATION, permission=MANAGE)
    keywords = (
        "SSO access to one workspace, directory groups with access to a team, Okta or Entra groups with a "
        "way in here"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},)


class GetOrganizationIdpGroup(OnOrganization, GetIdpGroup):
    """Read one group of the identity provider with its role in an organisation."""

    route = GET(GROUP_OF_ORGANIZATION, permission=MANAGE)
    keywords = (
        "SSO rights in one workspace, may that directory group enter this team, rights of an Okta or "
        "Entra group there"
    )


class AddOrganizationIdpGroup(OnOrganization, _OnGroup, WithOrganizationRole, Tool[IdpGroup]):
    """Assign a role in an organisation to a group of the identity provider.

    It holds for everybody in the group. A group that has one there already is refused: change it instead.
    """

    route = POST(GROUP_OF_ORGANIZATION, permission=MANAGE)
    effect = ADD
    keywords = (
        "SSO: grant access to a department, directory group may work in a team, let in an Okta or Entra group"
    )


class UpdateOrganizationIdpGroup(OnOrganization, _OnGroup, WithOrganizationRole, Tool[IdpGroup]):
    """Change the role of a group in an organisation."""

    route = PATCH(GROUP_OF_ORGANIZATION, permission=MANAGE)
    effect = CHANGE
    keywords = (
        "SSO: other rights in a workspace, promote an Okta or Entra group in a team, directory group: "
        "less rights in one team"
    )


class RemoveOrganizationIdpGroup(OnOrganization, _OnGroup, Tool[IdpGroup]):
    """Take the role of a group in an organisation away.

    Its roles elsewhere stay, and so does its registration. The output is what it was.
    """

    route = DELETE(GROUP_OF_ORGANIZATION, permission=MANAGE)
    effect = REMOVE
    keywords = (
        "SSO: no access to a workspace any more, directory group: shut out of one team, Okta or Entra "
        "group out of one workspace"
    )
