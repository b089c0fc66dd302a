"""Who the key belongs to, and what an enterprise has. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated

from ..paging import BareList, Items, Page, Paged
from ..tool import Output, Tool
from ..wire import GET
from .shared.fields import Untrusted, known


class Principal(Output):
    """Whoever the key stands for. Which ids are filled depends on the principal's type."""

    principal_type: (
        Annotated[str, known("service_user", "pat_user", "devin_brain", "windsurf_session")] | None
    ) = None
    """The kind of principal."""

    org_id: str | None = None
    """The organisation of the key; null for keys that reach several."""

    service_user_id: str | None = None
    """The service user's id."""

    service_user_name: Untrusted | None = None
    """The service user's name."""

    user_id: str | None = None
    """The user's id."""

    user_name: Untrusted | None = None
    """The user's name."""

    api_key_id: str | None = None
    """The id of the personal access token."""

    api_key_name: Untrusted | None = None
    """The name of the personal access token."""

    devin_id: str | None = None
    """The session whose own identity the key is."""

    creator_service_user_id: str | None = None
    """The service user who created that session."""


class Organization(Output):
    """An organisation of an enterprise."""

    org_id: str
    """The id of the organisation."""

    name: Untrusted | None = None
    """Its name."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""

    max_session_acu_limit: int | None = None
    """The most ACUs that one session of it may spend; null for no limit."""

    max_cycle_acu_limit: int | None = None
    """The most ACUs that it may spend in a billing cycle; null for no limit."""


# Nothing tells whether this path answers pages, as most do, or a bare list.
class OrganizationPage(BareList, Page[Organization]):
    """One page of organisations."""

    organizations: Items[Organization]
    """The organisations of this page."""


class GetSelf(Tool[Principal]):
    """Read who the key belongs to, and its organisation.

    The client runs this once by itself when no organisation is set.
    """

    route = GET("/v3/self")
    examples = ({},)


class ListOrganizations(Paged[OrganizationPage]):
    """List the organisations of the enterprise, one page per call.

    Only for service users of an enterprise: the key of a single organisation is refused.
    """

    route = GET("/v3/enterprise/organizations", permission="ManageOrganizations")
    examples = ({"limit": 50},)
