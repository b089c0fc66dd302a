"""A service user's key replaced by another one, in an order in which no failure locks anybody out."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, TypeVar

from pydantic import Field, SecretStr

from ..api.account import GetSelf, Principal
from ..api.enterprise.api_keys import (
    CreateServiceUserKey,
    ListServiceUserKeys,
    NewServiceUserKey,
    RevokeServiceUserKey,
    ServiceUserKey,
)
from ..api.enterprise.service_users import OnServiceUser
from ..api.shared.fields import Id, Name, Text, Untrusted
from ..api.shared.once import retry_reads
from ..api.shared.times import UnixSeconds
from ..codec import decode, encode
from ..errors import (
    Ambiguous,
    ConnectionLost,
    DevinToolsError,
    FileFault,
    Hint,
    InvalidArguments,
    NotFound,
    ServerFault,
    Unauthenticated,
    UnexpectedResponse,
)
from ..flow import Flow, KeepSecret, Pause, Progress
from ..security.keys import SENDABLE
from ..tool import DESTROY, USER_ONLY, Example, Output, Tool, perform

PROOFS = (1.0, 2.0, 4.0)
"""Seconds between the tries of a new key: nothing tells how soon one is known everywhere."""

NOTHING_DONE = "No key was made, and none revoked."

SecretFile = Annotated[Text, USER_ONLY, Field(json_schema_extra={"x-secret-file": True})]
"""Where a secret is kept: for a person to say."""


class RotatedKey(Output):
    """A key in the place of another one."""

    service_user_id: str
    """The service user."""

    api_key_id: str
    """The id of the new key."""

    api_key_name: Untrusted | None = None
    """Its name."""

    file: str
    """The file that holds it, on the machine where the tool ran."""

    revoked_api_key_id: str
    """The id of the old key, which works no longer."""


class RotateKeyIntoFile(OnServiceUser, Tool[RotatedKey]):
    """Replace a service user's API key, and keep the new one in a file.

    The new key is made, written to a file that only its owner can read, and tried; only when it works is the
    old one revoked. So each failure leaves a key that works, and the error says which there are. The output
    never holds the key. The file must be a new one, in a folder that is there, outside of the folder whose
    files models may send. Whatever still uses the old key fails from then on.
    """

    effect = DESTROY.administrative()
    resource = "enterprise_api_keys"
    scope = "enterprise"
    permission = "ManageAccountServiceUsers"
    keywords = (
        "renew the token without outage, swap the bot's credential and store it, key rotation policy, "
        "cron, vault, .env, safe exchange, try before it goes"
    )
    beta = True
    examples = (
        {
            "service_user_id": "service-user-organization",
            "api_key_id": "apikey-00000000000000000000000000000002",
            "file": "/srv/keys/devin-ci",
        },
    )

    api_key_id: Annotated[Id, Example("apikey-00000000000000000000000000000002")]
    """The old key, which is revoked in the end."""

    file: SecretFile
    """Where to write the new key. A relative path starts at the folder for files, and must lead out of it."""

    name: Name | None = None
    """What to call the new key; left out, as the old one is called."""

    expires_at: UnixSeconds | None = None
    """When the new key stops working, in Unix seconds; left out or null: never by itself."""

    def flow(self) -> Flow[RotatedKey]:
        """Make, write, try, revoke."""
        path = ""
        try:
            path = yield KeepSecret(self.file, "reserve")
            keys = yield from self._keys()
            name = self.name or self._old_name(keys, is_preview=not path) or "rotated"
            new = yield from self._mint(name, {key.api_key_id for key in keys})
        except DevinToolsError as error:
            if path:  # another's file stays as it is
                yield from _quietly(KeepSecret(self.file, "release"))
            if not error.more_hints:
                _with_state(error, NOTHING_DONE)
            raise
        token = SecretStr(new.token)
        yield Progress(f"the key {new.api_key_id} is made")
        yield from self._keep(new.api_key_id, token)
        yield Progress("it is in the file")
        yield from self._prove(new.api_key_id, token, path)
        yield Progress("it works")
        yield from self._revoke_old(new.api_key_id, path)
        return RotatedKey(
            service_user_id=self.service_user_id,
            api_key_id=new.api_key_id,
            api_key_name=new.api_key_name,
            file=path,
            revoked_api_key_id=self.api_key_id,
        )

    def _keys(self) -> Flow[list[ServiceUserKey]]:
        listed = yield from ListServiceUserKeys(service_user_id=self.service_user_id, status="all").flow()
        return listed.api_keys

    def _old_name(self, keys: list[ServiceUserKey], *, is_preview: bool) -> str | None:
        """Return the name of the old key; raise when it is not in the list as one to replace.

        A preview, which makes no file, reads no list either.
        """
        for key in keys:
            if key.api_key_id == self.api_key_id and key.is_active is not False:
                return key.api_key_name
        if is_preview:
            return None
        raise InvalidArguments(
            "api_key_id is not an active key of this service user.",
            hint="List its keys with devin_list_service_user_keys.",
            details=[{"path": "api_key_id", "reason": "is not an active key of this service user"}],
        )

    def _mint(self, name: str, before: Collection[str]) -> Flow[NewServiceUserKey]:
        given = {} if self.expires_at is None else {"expires_at": self.expires_at}
        call = CreateServiceUserKey(service_user_id=self.service_user_id, name=name, **given)
        try:
            return (yield from perform(call))
        except Ambiguous as error:
            lost = yield from self._look_for_lost(before)
            raise _with_state(error, f"{lost} The old key {self.api_key_id} works as before.") from None

    def _look_for_lost(self, before: Collection[str]) -> Flow[str]:
        """Return what the list says of a key whose token nobody got."""
        try:
            keys = yield from retry_reads(self._keys)
        except DevinToolsError:
            return "Whether a key was made is not known: list the keys, and revoke one that is new."
        new = [key.api_key_id for key in keys if key.api_key_id not in before]
        if not new:
            return "The list of keys shows no new one by now; look again before you repeat the call."
        return f"New in the list, with a token that nobody got: {', '.join(new)}. Revoke it, and call again."

    def _keep(self, new_id: str, token: SecretStr) -> Flow[None]:
        """Write the new key; where that fails nobody has it, so it is revoked again."""
        try:
            if not _is_sendable(token):
                raise UnexpectedResponse("The new key is not a text that a request could carry.")
            yield KeepSecret(self.file, "write", token)
        except (FileFault, UnexpectedResponse) as error:
            yield from _quietly(KeepSecret(self.file, "release"))
            try:
                yield from perform(self._revoke(new_id))
                state = f"The new key {new_id} was revoked again"
            except DevinToolsError:
                state = (
                    f"The new key {new_id} is active, nobody has it, and it could not be revoked: revoke it"
                )
            raise _with_state(error, f"{state}. The old key {self.api_key_id} works as before.") from None

    def _prove(self, new_id: str, token: SecretStr, path: str) -> Flow[None]:
        """Ask the API who the new key is; where that is not its service user, the old key stays."""
        try:
            principal = yield from self._asked(token)
            if principal.service_user_id != self.service_user_id:
                raise UnexpectedResponse(
                    "The new key does not stand for the service user that it was made for."
                )
        except DevinToolsError as error:
            state = (
                f"The new key {new_id} is in {path} and was not seen to work; the old key {self.api_key_id} "
                "was not revoked. Revoke the one that you do not keep."
            )
            raise _with_state(error, state) from None

    def _asked(self, token: SecretStr) -> Flow[Principal]:
        call = GetSelf()
        request = replace(encode(call.route, call), api_key=token)
        for seconds in PROOFS:
            try:
                return decode(Principal, (yield request), {})
            except Unauthenticated:
                yield Pause(seconds)
        return decode(Principal, (yield request), {})

    def _revoke(self, api_key_id: str) -> RevokeServiceUserKey:
        return RevokeServiceUserKey(service_user_id=self.service_user_id, api_key_id=api_key_id)

    def _revoke_old(self, new_id: str, path: str) -> Flow[None]:
        """Revoke the old key; where the answer is lost, or it is not found, look whether it is."""
        state = f"The new key {new_id} is in {path}, and works"
        try:
            yield from perform(self._revoke(self.api_key_id))
        except (NotFound, ConnectionLost, ServerFault, UnexpectedResponse) as error:
            is_gone = yield from self._is_gone()
            if is_gone:
                return
            known = "works still, by its list" if is_gone is False else "may work still: look at the list"
            raise _with_state(error, f"{state}. The old key {self.api_key_id} {known}.") from None
        except DevinToolsError as error:
            raise _with_state(error, f"{state}. The old key {self.api_key_id} was not revoked.") from None

    def _is_gone(self) -> Flow[bool | None]:
        """Return whether the old key works no longer; `None` where that cannot be found out."""
        try:
            keys = yield from retry_reads(self._keys)
        except Unauthenticated:  # it was the key that asks, which worked until now
            return True
        except DevinToolsError:
            return None
        if not keys:  # the new one at least should be there
            return None
        return all(key.api_key_id != self.api_key_id or key.is_active is False for key in keys)


ErrorT = TypeVar("ErrorT", bound=DevinToolsError)


def _with_state(error: ErrorT, state: str) -> ErrorT:
    """Return an error that says also which keys there are now, whoever reads it."""
    error.more_hints = Hint(state)
    return error


def _is_sendable(token: SecretStr) -> bool:
    """Return whether a token can stand in a header: an error about one that cannot would quote it."""
    return re.fullmatch(rf"{SENDABLE}+", token.get_secret_value()) is not None


def _quietly(step: KeepSecret) -> Flow[None]:
    """Perform a step whose failure matters less than the error at hand."""
    with suppress(FileFault):
        yield step
