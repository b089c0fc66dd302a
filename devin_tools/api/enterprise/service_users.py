"""Service users of an enterprise, and their roles in it and in its organisations.

Facts: the OpenAPI document of the vendor's Terraform provider; docs.devin.ai, API reference, service users.
"""

from __future__ import annotations

from typing import Annotated

from ...effects import DESTROY, READ, WRITE
from ...paging import Detailed, Items, Page, Paged
from ...tool import Example, Input, Tool
from ...wire import DELETE, GET, PATCH, POST
from ..service_users import CreateServiceUser, ServiceUser
from ..shared.fields import Id
from .organizations import OnOrganization

SERVICE_USERS = "/v3/enterprise/members/service-users"
IN_ORGANIZATION = "/v3/enterprise/organizations/{org_id}/members/service-users"
MANAGE = "ManageAccountMembership"
GIVES_ROLE = WRITE.administrative()


class ServiceUserPage(Page[ServiceUser]):
    """One page of service users."""

    service_users: Items[ServiceUser]
    """The service users of this page."""


class OnServiceUser(Input):
    """One service user."""

    service_user_id: Annotated[Id, Example("service-user-organization")]
    """Which service user."""


class _WithRole(OnServiceUser):
    role_id: Annotated[Id, Example("role-enterprise-member")]
    """The role: one of the enterprise, as devin_list_roles shows them."""


class _WithRoleThere(OnOrganization, OnServiceUser):
    role_id: Annotated[Id, Example("role-member")]
    """The role: one of organisations, as devin_list_roles shows them."""


class ListServiceUsers(Paged[ServiceUserPage]):
    """List the service users of the enterprise, one page per call."""

    route = GET(SERVICE_USERS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "technical users, machine accounts, CI logins across the company, which scripts talk to the API, "
        "which robots, bots or integrations exist"
    )
    examples = ({"limit": 50, "include_inactive": True},)

    include_inactive: bool = False
    """Whether to list also those that were removed or have expired."""


class GetServiceUser(OnServiceUser, Detailed[ServiceUser]):
    """Read one service user, with its roles in the enterprise and in organisations."""

    route = GET(SERVICE_USERS + "/{service_user_id}", permission=MANAGE)
    effect = READ.private()
    keywords = "what may this bot do, rights of a machine account, which teams may this bot enter"


class AssignServiceUserRole(_WithRole, Tool[ServiceUser]):
    """Assign a role in the whole enterprise to a service user.

    A role of the enterprise reaches every organisation: what it allows, the keys of this service user may do
    in each. One that has such a role already is refused: change it.
    """

    route = POST(SERVICE_USERS + "/{service_user_id}", permission=MANAGE)
    effect = GIVES_ROLE.reversible()
    keywords = (
        "let a bot work company-wide, company-wide rights for an integration, promote a machine account "
        "to admin, robot needs access everywhere"
    )


class UpdateServiceUser(_WithRole, Tool[ServiceUser]):
    """Change the role that a service user has in the whole enterprise.

    Its keys may do what the new role allows from then on, and no longer what the old one allowed.
    """

    route = PATCH(SERVICE_USERS + "/{service_user_id}", permission=MANAGE)
    effect = GIVES_ROLE.idempotent().reversible()
    keywords = "bot has too many rights, demote or promote a machine account, fewer or more rights for a bot"


class RemoveServiceUser(OnServiceUser, Tool[ServiceUser]):
    """Remove a service user from the whole enterprise.

    Its keys stop working at once, in every organisation: whatever uses them fails. To take only its role in
    one organisation, use devin_remove_organization_service_user.
    """

    route = DELETE(SERVICE_USERS + "/{service_user_id}", permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "shut out a machine account company-wide, delete the robot, offboard, block a bot from "
        "everything, contractor's script must go, decommission a bot or an integration"
    )


class ListOrganizationServiceUsers(OnOrganization, ListServiceUsers):
    """List the service users with a role in one organisation, one page per call."""

    route = GET(IN_ORGANIZATION, permission=MANAGE)
    keywords = (
        "machine accounts of a workspace, which robots have access to this team, which bots work in a team"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},)


class AddOrganizationServiceUser(_WithRoleThere, Tool[ServiceUser]):
    """Assign a role in one organisation to a service user of the enterprise.

    Its keys may then do there what the role allows. One that has a role there already is refused: change it.
    """

    route = POST(IN_ORGANIZATION + "/{service_user_id}", permission=MANAGE)
    effect = GIVES_ROLE.reversible()
    keywords = (
        "let a bot work in a team, machine account: access to one place, let an integration into another "
        "team, bot needs access to a workspace"
    )


class UpdateOrganizationServiceUser(_WithRoleThere, Tool[ServiceUser]):
    """Change the role that a service user has in one organisation."""

    route = PATCH(IN_ORGANIZATION + "/{service_user_id}", permission=MANAGE)
    effect = GIVES_ROLE.idempotent().reversible()
    keywords = (
        "demote an integration in one workspace, fewer or more rights for a bot in a team, robot: other "
        "rights in this team only"
    )


class RemoveOrganizationServiceUser(OnOrganization, OnServiceUser, Tool[ServiceUser]):
    """Take a service user out of one organisation.

    Its keys can do nothing more there, unless it has a role in the whole enterprise. The service user itself
    stays.
    """

    route = DELETE(IN_ORGANIZATION + "/{service_user_id}", permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "keep a bot away from one team, no workspace access for an integration, robot must not touch this "
        "team any more, block a bot from one team"
    )


class CreateEnterpriseServiceUser(CreateServiceUser):
    """Make a service user of the enterprise, and show its first key once.

    Its key reaches every organisation, as far as the role allows. Whoever reads the output can act as this
    service user: pass the token on to where it is needed, and keep it out of logs. When the answer is lost
    nothing is repeated: the error asks you to look at the list first.
    """

    route = POST("/v3beta1/enterprise/service-users", permission="ManageAccountServiceUsers")
    keywords = (
        "company-wide bot, robot account, API token for all teams, credentials, admin integration, "
        "technical user, SCIM, Jenkins for every team, pipeline with access everywhere"
    )
    examples = ({"name": "Audit export", "role_id": "role-enterprise-auditor", "ttl_seconds": 7_776_000},)
