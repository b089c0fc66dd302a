"""Who may call a server over HTTP, with which Devin key, and which session is whose."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from ..errors import ApiError, Unauthenticated, UsageError
from ..headers import checked_headers
from ..security.keys import SENDABLE
from .bodies import read_json
from .client_pool import name_of
from .sessions import Sessions

KEY = "devin_tools.key"
"""Where a request's scope holds the caller's own key, when there is one."""

SESSION = "mcp-session-id"

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]
Check = Callable[[SecretStr], Awaitable[None]]

_DEVIN_KEY = re.compile(f"cog_{SENDABLE}{{1,1024}}")


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
        """Return whether a caller is admitted, and with which key: its own, or `None` for the server's."""
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


class SessionAuth:
    """Authenticates requests to an ASGI application, and passes each on with the key of its caller.

    What it passes on holds each header once, as it was admitted here. `check` raises `ApiError` for a key
    that the API does not know: nothing is kept for such a caller. A session is its opener's alone,
    whatever is asked of it: to call, listen, answer a question, cancel, or end it.
    """

    def __init__(self, app: App, access: Access, check: Check, sessions: Sessions | None = None):
        self._app = app
        self._access = access
        self._check = check
        self._sessions = Sessions() if sessions is None else sessions

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request: pass it on, or refuse it."""
        with ExitStack() as visit:
            try:
                headers = checked_headers(scope["headers"])
                key = await self._key(headers)
                session, caller = headers.get(SESSION), name_of(key)
                if session is not None:
                    visit.enter_context(self._sessions.visited(_at(scope, session), caller))
                if scope["method"] == "POST":
                    receive = await read_json(receive)
            except (ApiError, UsageError) as error:
                await _refuse(error, send)
                return
            pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
            admitted = {**scope, "headers": pairs, KEY: key}
            await self._app(admitted, receive, self._tracking(send, admitted, session, caller))

    async def _key(self, headers: dict[str, str]) -> SecretStr | None:
        """Return the key of a caller that is let in."""
        is_let_in, key = self._access.admit(headers.get("authorization", ""))
        if not is_let_in:
            raise self._access.refusal()
        if key is not None:
            await self._check(key)
        return key

    def _tracking(self, send: Send, scope: Scope, session: str | None, caller: str) -> Send:
        async def note(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                opened = checked_headers(message.get("headers", ())).get(SESSION)
                if session is None and opened and message["status"] < 400:
                    for surplus in self._sessions.add(_at(scope, opened), caller):
                        await self._end(scope, surplus)
                elif session is not None and scope["method"] == "DELETE" and message["status"] == 200:
                    self._sessions.forget(_at(scope, session))
            await send(message)

        return note

    async def _end(self, scope: Scope, place: str) -> None:
        """End a session in its caller's place; the request at hand was let in, so its Host is good."""
        path, _, session = place.rpartition(" ")
        host = [pair for pair in scope["headers"] if pair[0] == b"host"]
        headers = [*host, (SESSION.encode(), session.encode())]
        ending = {**scope, "method": "DELETE", "path": path, "raw_path": path.encode(), "headers": headers}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            pass

        await self._app(ending, receive, send)


def _at(scope: Scope, session: str) -> str:
    """Return a session with the path that it is of; at another one it does not exist."""
    return f"{scope['path']} {session}"


async def _refuse(error: ApiError | UsageError, send: Send) -> None:
    status = error.status if isinstance(error, ApiError) else 400
    body = json.dumps({"error": error.as_dict()}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if error.retry_after is not None:
        headers.append((b"retry-after", str(round(error.retry_after)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
