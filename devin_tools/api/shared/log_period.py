"""The part of a log that is asked for, as the logs of an enterprise take it."""

from __future__ import annotations

from typing import Annotated, Generic, Literal

from ...errors import InvalidArguments
from ...flow import Flow
from ...paging import Paged
from ...paging.pages import P
from ...tool import DOCUMENTED
from .times import UnixSeconds

MAX_SPAN_DAYS = 100
"""The longest time that one call may ask for (docs.devin.ai, audit logs and guardrail violations)."""


def why_no_span(time_after: int | None, time_before: int | None) -> str | None:
    """Return what is wrong with `time_before`; `None` when a log can be asked for these bounds."""
    if time_before is None:
        return None
    if time_after is None:
        return "wants time_after too: give both, or only time_after"
    if time_before < time_after:
        return "lies before time_after"
    if time_before - time_after > MAX_SPAN_DAYS * 86_400:
        return f"lies more than {MAX_SPAN_DAYS} days after time_after: ask for it in parts"
    return None


class PagedLog(Paged[P], Generic[P]):
    """A tool that lists what happened, page by page."""

    order: Annotated[Literal["asc", "desc"], DOCUMENTED] = "desc"
    """`desc`: newest first, which is the API's own default. `asc`: oldest first."""

    time_after: UnixSeconds | None = None
    """Only what happened after this time, in Unix seconds. Left out with `time_before`: all of it."""

    time_before: UnixSeconds | None = None
    """Only what happened before this time, in Unix seconds. Wants `time_after`, at most 100 days before."""

    def flow(self) -> Flow[P]:
        """Read a page, unless the API would refuse its bounds."""
        if why := why_no_span(self.time_after, self.time_before):  # type: ignore[arg-type]  # seconds by now
            raise InvalidArguments(f"time_before {why}.", details=[{"path": "time_before", "reason": why}])
        return (yield from super().flow())
