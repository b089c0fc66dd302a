"""Who may call a server over HTTP, and with which Devin key."""

from __future__ import annotations

import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from ..errors import ApiError, NotFound, Unauthenticated
from .callers import name_of

__all__ = ["KEY", "Access", "Gate", "Owners"]

KEY = "devin_tools.key"
"""Where a request's scope holds the caller's own key, when there is one."""

SESSION = b"mcp-session-id"
MOST_SESSIONS = 10_000

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

_DEVIN_KEY = re.compile(r"cog_[!-~]{1,1024}")


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller must show. Nothing at all is for loopback only."""

    token: SecretStr | None = None
    """The server's access token: its holder's calls run with the server's own Devin key."""

    key_from_caller: bool = False
    """Whether a caller may bring a Devin key of its own, which its calls then run with."""

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        return self.token is None and not self.key_from_caller

    def admit(self, authorization: str) -> tuple[bool, SecretStr | None]:
        """Say whether a caller is let in, and with which key: its own, or `None` for the server's."""
        if self.is_open:
            return True, None
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return False, None
        if self.token is not None and _is_same(given, self.token.get_secret_value()):
            return True, None
        if self.key_from_caller and _DEVIN_KEY.fullmatch(given):
            return True, SecretStr(given)
        return False, None

    def refusal(self) -> Unauthenticated:
        """Make the error of a caller that is not let in."""
        wanted = ["the access token of this server"] * (self.token is not None)
        wanted += ["a Devin key (cog_...)"] * self.key_from_caller
        return Unauthenticated(
            "The bearer token is missing or wrong.",
            status=401,
            hint=f"Send {' or '.join(wanted)} as `Authorization: Bearer ...`.",
        )


def _is_same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


class Owners:
    """Remembers which caller opened each session, so that nobody else gets into it."""

    def __init__(self, most: int = MOST_SESSIONS):
        self._most = most
        self._names: OrderedDict[str, str] = OrderedDict()

    def add(self, session: str, name: str) -> None:
        """Note a session that is used; beyond the bound the one unused for longest has to be opened anew."""
        self._names[session] = name
        self._names.move_to_end(session)
        if len(self._names) > self._most:
            self._names.popitem(last=False)

    def own(self, session: str, name: str) -> bool:
        """Say whether a caller opened this session."""
        return self._names.get(session) == name


class Gate:
    """Lets requests through to an ASGI application, each with the key of its caller."""

    def __init__(self, app: App, access: Access):
        self._app = app
        self._access = access
        self._owners = Owners()

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request: pass it on, or refuse it."""
        is_let_in, key = self._access.admit(_header(scope["headers"], b"authorization"))
        if not is_let_in:
            await _refuse(self._access.refusal(), send)
            return
        scope[KEY] = key
        if self._access.is_open:
            await self._app(scope, receive, send)
            return
        session, name = _header(scope["headers"], SESSION), name_of(key)
        if session and not self._owners.own(session, name):
            await _refuse(NotFound("There is no such session.", status=404, hint="Open another one."), send)
            return
        await self._app(scope, receive, self._noting(send, name))

    def _noting(self, send: Send, name: str) -> Send:
        async def note(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and (
                session := _header(message.get("headers", ()), SESSION)
            ):
                self._owners.add(session, name)
            await send(message)

        return note


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Give a header that is there once; what is repeated counts as missing."""
    found = [value for key, value in headers if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


async def _refuse(error: ApiError, send: Send) -> None:
    body = json.dumps({"error": error.as_dict()}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if error.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
