"""Updates of a part of what the API only takes whole. Not a tool: what such tools are made of.

A PUT of the API wants every required field, and does not say whether it keeps or clears an optional
one that is left out. So an update reads, lays what it was given over what it read, and writes all.
There are no versions to write against: what somebody else changes in between is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

from ...codec import decode, encode
from ...errors import InvalidArguments, UnexpectedResponse
from ...flow import Flow
from ...locations import places
from ...reading import REPLACED_TEXT
from ...tool import Output, Tool, arguments_of, output_of
from ...wire import Response


class MergedOutput(Output):
    """What an update says of itself, beside what it updated."""

    from_flow = frozenset({"kept"})

    kept: list[str] = []
    """The fields that were written back as they had just been read, because the call left them out."""


Merged = TypeVar("Merged", bound=MergedOutput)


class UpdateWhole(Tool[Merged], Generic[Merged]):
    """A tool that changes a part of what the API only takes whole. Its field `clear` names some to empty."""

    is_one_request = False
    reads: ClassVar[type[Tool[Any]]]
    """The tool that reads what is there now; it takes the id that stands in the path."""

    def flow(self) -> Flow[Merged]:
        """Read, merge, write."""
        return merge(self, self.reads(**arguments_of(self, self.reads)), vars(self)["clear"])


def merge(call: Tool[Merged], read: Tool[Any], clear: Iterable[str]) -> Flow[Merged]:
    """Write what a call sets over what is there now; `clear` names what becomes null.

    What is kept goes back as it came, whatever this package would think of it as an argument.
    """
    assert call.route is not None and read.route is not None
    request = encode(call.route, call)
    given = with_cleared(request.body or {}, clear)
    response: Response = yield encode(read.route, read)
    now = decode(Output, response, {}).model_extra or {}
    names = [place.wire for place in places(type(call), call.route) if place.where == "body"]
    kept = {name: now[name] for name in names if name not in given and now.get(name) is not None}
    replaced = [re.split(r"[.\[]", place)[0] for place in now.get(REPLACED_TEXT) or []]
    require_as_sent(name for name in kept if name in replaced)
    response = yield replace(request, body=kept | given)
    known = {name: getattr(call, name, None) for name in call.route.placeholders}
    written: Merged = decode(output_of(type(call)), response, known)  # type: ignore[assignment]
    return written.model_copy(update={"kept": list(kept)})


def require_as_sent(replaced: Iterable[str]) -> None:
    """Refuse to write back what is not as the API sent it: U+FFFD stands in it for what cannot be encoded.

    Raises:
        UnexpectedResponse: there is any; nothing was written.
    """
    if names := " and ".join(replaced):
        raise UnexpectedResponse(
            f"Nothing was written: {names} cannot be written back as it was read, for it holds text that "
            "cannot be encoded."
        )


def with_cleared(body: Mapping[str, Any], clear: Iterable[str]) -> dict[str, Any]:
    """Return what a call changes; refuse a call that changes nothing, or one field in two ways."""
    cleared = dict.fromkeys(clear)
    if both := sorted(cleared.keys() & body.keys()):
        details = [{"path": name, "reason": "is both given and named in clear"} for name in both]
        raise InvalidArguments(f"To clear {' and '.join(both)}, do not give a value too.", details=details)
    if not (given := {**body, **cleared}):
        raise InvalidArguments(
            "There is nothing to change.",
            hint="Give at least one field with its new value; nothing was sent.",
        )
    return given
