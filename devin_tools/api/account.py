"""Who the key belongs to. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated

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


class GetSelf(Tool[Principal]):
    """Read who the key belongs to, and its organisation.

    The client runs this once by itself when no organisation is set.
    """

    route = GET("/v3/self")
    keywords = (
        "whoami, who am I, is my token valid, does it work, which account, workspace is this login, test "
        "credentials, connection, login, my identity, my id, is my key alright, which key is this"
    )
    examples = ({},)
