"""One reading of a request's headers: whoever checks one and whoever uses it see the same value."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import BadRequest

__all__ = ["one_reading"]

SINGLE = frozenset(
    {
        "authorization",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "last-event-id",
        "mcp-method",
        "mcp-name",
        "mcp-protocol-version",
        "mcp-session-id",
        "origin",
        "sec-fetch-site",
        "transfer-encoding",
    }
)
"""Headers that have one value. Of two, one reader takes the first, and another the last or none."""

PREFIX = "mcp-"
"""How the names of MCP's own headers begin, those of later versions too."""


def one_reading(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return each header once, under its name in small letters.

    Lists that came in several lines are joined, as HTTP has it (RFC 9110, section 5.3). Raises
    `BadRequest` for a header that has one value and came twice.
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in found:
            found[name] = value
        elif name in SINGLE or name.startswith(PREFIX):
            known = name if name in SINGLE else f"{PREFIX}..."
            raise BadRequest(
                f"The header {known} came more than once.", status=400, hint="Send it once, with one value."
            )
        else:
            found[name] += f", {value}"
    return found
