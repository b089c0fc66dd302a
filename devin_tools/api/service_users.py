"""Service users of an organisation. Facts: docs.devin.ai, API reference, service users (beta)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..flow import Flow
from ..paging import Abridged
from ..tool import DOCUMENTED, WRITE, Example, Output
from ..wire import POST
from .members import RoleAssignment
from .shared.fields import Id, Name, ShownOnce, Untrusted
from .shared.once import CreateOnce, look_first

YEAR = 31_536_000
"""The most seconds that a service user made through the API lives: it always expires."""


class ServiceUser(Abridged):
    """An identity for programs: keys are made for it, and it may do what its roles say."""

    service_user_id: str
    """The id."""

    name: Untrusted | None = None
    """The name."""

    expires_at: int | None = None
    """When it and its keys stop working, in Unix seconds; null: never."""

    deleted_at: int | None = None
    """When it was removed, in Unix seconds; null while it is there."""

    role_assignments: list[RoleAssignment] = []
    """The roles that it has, each with where it holds."""


class NewServiceUser(Output):
    """A service user that was made, with its first key."""

    service_user: ServiceUser
    """The service user."""

    token: ShownOnce
    """Its API key, which is shown this once: it can never be read again."""


class CreateServiceUser(CreateOnce[NewServiceUser]):
    """Make a service user of the organisation, and show its first key once.

    Whoever reads the output can act as this service user: pass the token on to where it is needed, and keep
    it out of logs. The role must not allow more than the key that asks. When the answer is lost nothing is
    repeated: the error asks you to look at the list first.
    """

    route = POST("/v3beta1/organizations/{org_id}/service-users", permission="ManageOrgServiceUsers")
    effect = WRITE.administrative().revealing()
    keywords = (
        "robot, bot account for CI, new API token, credentials for a script, machine login for an "
        "integration, technical user, non-human account, Jenkins, pipeline, needs its own credentials, "
        "talk to the API, script access"
    )
    examples = ({"name": "Nightly triage", "role_id": "role-member", "ttl_seconds": 7_776_000},)

    name: Annotated[Name, Field(max_length=256), DOCUMENTED]
    """What to call it: 1 to 256 characters."""

    role_id: Annotated[Id, Example("role-member")]
    """The role that it gets."""

    ttl_seconds: Annotated[int, Field(ge=1, le=YEAR), DOCUMENTED]
    """How many seconds it lives, with its key: a year (31,536,000) at most."""

    def flow(self) -> Flow[NewServiceUser]:
        """Make it once; a lost answer leaves a service user whose key nobody has."""
        return look_first(
            super().flow(),
            "A service user of this name may be there by now, with a key that nobody has seen. List the "
            "service users (devin_list_service_users), and remove that one before you call again.",
        )
