"""Secrets of an organisation: named, listed and removed; their values go in and never come out.

Facts: docs.devin.ai, API reference, secrets. There is no way to read or change one: to rotate a secret,
create another and delete the old one.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from ..errors import Forbidden
from ..flow import Flow
from ..locations import Wire
from ..paging import Items, Page, Paged
from ..tool import READ, USER_ONLY, Example, Output, Tool
from ..wire import DELETE, GET, POST
from .shared.fields import GivenText, Id, Name, Untrusted, known
from .shared.once import CreateOnce

SECRETS = "/v3/organizations/{org_id}/secrets"
MANAGE = "ManageOrgSecrets"
KINDS = ("key-value", "cookie", "totp")


class Secret(Output):
    """What there is to know of a secret: everything but its value."""

    secret_id: str
    """The id."""

    key: Untrusted | None = None
    """The name that sessions use it by."""

    note: Untrusted | None = None
    """What it is for."""

    secret_type: Annotated[str, known(*KINDS)] | None = None
    """What kind of secret it is."""

    access_type: Annotated[str, known("org", "personal")] | None = None
    """Whose it is."""

    is_sensitive: bool | None = None
    """Whether Devin keeps it out of what it shows."""

    created_by: Untrusted | None = None
    """Who created it."""

    updated_by: Untrusted | None = None
    """Who changed it last."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""


class SecretPage(Page[Secret]):
    """One page of secrets."""

    secrets: Items[Secret]
    """The secrets of this page, without their values."""


class ListSecrets(Paged[SecretPage]):
    """List the organisation's secrets, one page per call. Values never come back."""

    route = GET(SECRETS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "which passwords, tokens does it have, stored credentials, env variables, vault, what can it log "
        "in to, names of passwords, is the password there"
    )
    examples = ({"limit": 20},)


class CreateSecret(CreateOnce[Secret]):
    """Store a secret that sessions may use.

    Only a person can call it: its value is for no model to see. Give a reference (`env:NAME`,
    `file:PATH`) and the value is read when it is sent. When the answer is lost nothing is repeated:
    the error asks you to look at the list first.
    """

    route = POST(SECRETS, permission=MANAGE)
    keywords = (
        "give it a password, token, credential, API key for the staging database, save an env variable, "
        "add to the vault, TOTP, cookie, login it can use, so it can log in, password for the database, "
        "sign in, let it authenticate"
    )
    examples = (
        {
            "key": "STAGING_TOKEN",
            "value": "env:STAGING_TOKEN",
            "secret_type": "key-value",
            "note": "Read-only.",
        },
    )

    key: Name
    """The name that sessions use it by."""

    value: Annotated[SecretStr, Field(min_length=1, max_length=65_536), USER_ONLY]
    """The value, or where to find it when it is sent: `env:NAME`, `file:PATH`."""

    secret_type: Annotated[str, known(*KINDS), Wire("type")]
    """What kind of secret it is: key-value, cookie or totp."""

    is_sensitive: bool = True
    """Whether Devin must keep it out of what it shows."""

    note: GivenText | None = None
    """What it is for."""


class DeleteSecret(Tool[Secret]):
    """Delete a secret for good. The output is what there was to know of it."""

    route = DELETE(SECRETS + "/{secret_id}", permission=MANAGE)
    keywords = (
        "revoke a password, remove a credential, token leaked, wipe it from the vault, drop an env "
        "variable, forget the login, take the password back, no longer log in, pushed to GitHub"
    )

    secret_id: Annotated[Id, Example("secret-0123456789abcdef")]
    """Which secret."""

    def flow(self) -> Flow[Secret]:
        """Delete it; say what a refusal may mean, as the API refuses in one way for two reasons."""
        try:
            return (yield from super().flow())
        except Forbidden as error:
            error.hint = (
                "The API refuses in the same way when the secret does not exist: list the secrets to see "
                f"whether it was deleted already. If it is listed, the key needs {MANAGE}."
            )
            raise
