"""What kept a request from its answer, as errors."""

from __future__ import annotations

import logging

from ..errors import ConnectionFailed, ConnectionLost, DevinToolsError, InvalidArguments
from ..wire import Request

log = logging.getLogger("devin_tools")


def unsent(error: DevinToolsError) -> ConnectionFailed:
    """Return the error of a request that was not sent, because asking for the organisation failed."""
    return ConnectionFailed(
        f"The organisation is not set, and asking for it failed. {error.message}",
        hint="Set DEVIN_ORG_ID. The call itself was not sent: repeating it is safe.",
    )


def fault(error: Exception, request: Request) -> DevinToolsError:
    """Return whether the request may have arrived. The text of the fault stays out: it can name hosts."""
    import httpx

    if isinstance(error, httpx.InvalidURL):
        return InvalidArguments("The arguments make a URL that is too long to send.")
    never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    kind = ConnectionFailed if never_sent else ConnectionLost
    log.info(
        "%s: %s %s -> %s, try %d",
        *(request.tool, request.method, request.path, type(error).__name__, request.attempt),
    )
    return kind(f"No whole answer to {request.tool} ({request.method}): {type(error).__name__}.")
