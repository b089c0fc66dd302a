"""The API keys of service users: listed, made, rotated and revoked (beta).

Facts: docs.devin.ai, API reference, service users, and the vendor's TypeScript SDK. A key is shown as it is
made and never again: what was lost is revoked, and another one made.
"""

from __future__ import annotations

from typing import Annotated

from ...effects import DESTROY, WRITE
from ...flow import Flow
from ...paging import BareList, Detailed, Items, Page
from ...tool import Example, Output, Tool
from ...wire import DELETE, GET, POST
from ..shared.fields import Id, Name, ShownOnce, Untrusted, known
from ..shared.once import CreateOnce, look_first
from ..shared.times import UnixSeconds
from .service_users import OnServiceUser

KEYS = "/v3beta1/enterprise/service-users/{service_user_id}/api-keys"
MANAGE = "ManageAccountServiceUsers"
STATUSES = ("active", "revoked", "expired", "all")


class ServiceUserKey(Output):
    """What there is to know of a key: everything but the key itself."""

    api_key_id: str
    """The id."""

    api_key_name: Untrusted | None = None
    """The name."""

    created_at: int | None = None
    """When it was made, in Unix seconds."""

    expires_at: int | None = None
    """When it stops working, in Unix seconds; null: never by itself."""

    last_used_at: int | None = None
    """When it was last used, in Unix seconds; null: never."""

    revoked_at: int | None = None
    """When it was revoked, in Unix seconds; null: it was not."""

    is_active: bool | None = None
    """Whether it works."""


# The vendor's SDK gives this list a type of its own and no cursor; nothing tells its envelope.
class ServiceUserKeyPage(BareList, Page[ServiceUserKey]):
    """The keys of a service user. The API answers all of them at once, so there is one page."""

    api_keys: Items[ServiceUserKey]
    """The keys."""


class NewServiceUserKey(Output):
    """A key that was made."""

    api_key_id: str
    """The id."""

    api_key_name: Untrusted | None = None
    """The name."""

    token: ShownOnce
    """The key itself, which is shown this once: it can never be read again."""


class _OnKey(OnServiceUser):
    api_key_id: Annotated[Id, Example("apikey-00000000000000000000000000000001")]
    """Which key."""


class ListServiceUserKeys(OnServiceUser, Detailed[ServiceUserKeyPage]):
    """List the API keys of a service user, without the keys themselves."""

    route = GET(KEYS, permission=MANAGE)
    keywords = (
        "which tokens does the bot have, when was its token last used, how many tokens, when do they "
        "expire, old or unused tokens, expired credentials"
    )

    status: Annotated[str, known(*STATUSES)] | None = None
    """Which: active, revoked, expired or all. Left out, the API chooses; its documents do not say how."""


class _Minting(CreateOnce[NewServiceUserKey]):
    effect = WRITE.administrative().revealing()

    def flow(self) -> Flow[NewServiceUserKey]:
        """Make it once; a lost answer leaves a key that nobody has."""
        return look_first(
            super().flow(),
            "A key may be there by now that nobody has seen. List the keys of the service user "
            "(devin_list_service_user_keys), and revoke that one before you call again.",
        )


class CreateServiceUserKey(OnServiceUser, _Minting):
    """Make another API key for a service user, and show it once.

    Whoever reads the output can act as the service user: pass the token on to where it is needed, and keep it
    out of logs. When the answer is lost nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(KEYS, permission=MANAGE)
    keywords = (
        "issue a second token for the bot, additional credential for CI, generate a new access token, "
        "another key, one more token"
    )
    examples = ({"service_user_id": "service-user-organization", "name": "CI"},)

    name: Name
    """What to call it."""

    expires_at: UnixSeconds | None = None
    """When it stops working, in Unix seconds, which must be to come; left out or null: never by itself."""


class RevokeServiceUserKey(_OnKey, Tool[ServiceUserKey]):
    """Revoke an API key of a service user, for good.

    Whatever uses it fails from then on, at once: these tools too, if it is their own. The output is what
    there is to know of the key.
    """

    route = DELETE(KEYS + "/{api_key_id}", permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "the bot's token leaked, disable it, invalidate, kill a credential, block a stolen token, "
        "compromised, somebody stole it, got leaked, pushed to GitHub, make it useless"
    )


class RotateServiceUserKey(_OnKey, _Minting):
    """Replace an API key of a service user in one step, and show the new one once.

    The old key is revoked at once, unless `revoke_current` is false: whatever still uses it fails, and if the
    output does not arrive, nobody may have a key that works. devin_rotate_key_into_file revokes the old one
    only when the new one is in a file and works. A key that is not active is refused.
    """

    route = POST(KEYS + "/{api_key_id}/rotate", permission=MANAGE)
    keywords = (
        "renew, refresh the bot's token, swap a credential that expires, regenerate, exchange an old "
        "token, expires on Friday, fresh token, new key instead of the old"
    )

    new_key_expires_at: UnixSeconds | None = None
    """When the new key stops working, in Unix seconds; left out or null: never by itself."""

    revoke_current: bool = True
    """Whether the old key stops working at once; false lets both work."""
