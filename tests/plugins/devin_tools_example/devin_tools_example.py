"""An example of a plugin for devin-tools: one tool, its simulator handler, one guard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from devin_tools import Spec, Tool, hookimpl
from devin_tools.api import OnSession
from devin_tools.errors import Refused
from devin_tools.hookspecs import Guard, Handler
from devin_tools.tool import WRITE, Output
from devin_tools.wire import POST

FORBIDDEN = "launch-codes"


class Pong(Output):
    """What a session says to a ping."""

    session_id: str
    """The session that was pinged."""

    echo: str = ""
    """What was said to it."""


class PingSession(OnSession, Tool[Pong]):
    """Ping a session and hear whether it is there.

    The operation is invented, to show what a plugin can add.
    """

    route = POST("/v3/organizations/{org_id}/sessions/{session_id}/ping")
    effect = WRITE.idempotent()
    permission = "ViewOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "echo": "hello"},)

    echo: str | None = None
    """What to say to it."""


def ping_session(world: Any, call: PingSession) -> dict[str, Any]:
    """Answer a ping as the API would; the simulator refuses unknown sessions by itself."""
    return {"session_id": world.session(call.session_id).session_id, "echo": call.echo or "ping"}


class WordGuard:
    """Counts calls, and refuses those that would tell Devin a forbidden word."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def before(self, spec: Spec, call: Tool[Any]) -> None:
        """Look at what would be said."""
        self.calls[spec.name] += 1
        if any(FORBIDDEN in (getattr(call, field, None) or "") for field in ("prompt", "message")):
            raise Refused(
                f"{spec.name} would say a forbidden word.",
                hint="Leave it out, or uninstall devin-tools-example.",
            )

    def after(self, spec: Spec, call: Tool[Any], outcome: Output | Exception) -> None:
        """Count the calls that failed, too."""
        if isinstance(outcome, Exception):
            self.calls["failed"] += 1


guard = WordGuard()


@hookimpl
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]]]:
    """Return the tool."""
    return [PingSession]


@hookimpl
def devin_tools_provide_handlers() -> Mapping[type[Tool[Any]], Handler]:
    """Return what the simulator does for it."""
    return {PingSession: ping_session}


@hookimpl
def devin_tools_provide_guards() -> Iterable[Guard]:
    """Return the guard."""
    return [guard]
