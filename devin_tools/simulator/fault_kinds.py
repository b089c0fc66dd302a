"""The kinds of faults: each is a function from its context to a response."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice

from ..wire import Request
from .paging import Row, Rows, cut_page
from .refusal import Refusal, too_many
from .response import Answer, http_date
from .world import World

PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
NO_JSON = (b"OK", b"{'status': 'ok'}", b"\xff\xfe\x00", PROXY_PAGE)
UNKNOWN_STATUSES = ("migrating", "queued", "rebooting")
UNKNOWN_DETAILS = ("waiting_for_hardware", "thinking_twice", "policy_hold")
MOST_ROWS = 3
"""How many rows a page starts too early, at most."""


@dataclass(frozen=True)
class FaultContext:
    """The request that meets a fault, and what the fault needs to know of it."""

    request: Request
    world: World
    random: random.Random
    seconds: float
    """The longest time a fault may last."""
    respond: Callable[[], Answer]
    """Lets the request take effect, and returns its answer."""

    def duration(self) -> float:
        """Return how many seconds the fault lasts, drawn: at least one, where that is allowed."""
        return self.random.uniform(min(1.0, self.seconds), self.seconds)

    def refuse(self, refusal: Refusal) -> Answer:
        """Answer with a problem object; nothing takes effect."""
        return refusal.response(self.request.path)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault."""

    summary: str
    act: Callable[[FaultContext], Answer]
    needs: str = ""
    """What a request must be to meet it: a `write`, a `page`, a `later page`, or about `sessions`."""


def fails_after(ctx: FaultContext) -> Answer:
    """Do what was asked, and answer that it failed."""
    answer = ctx.respond()
    return answer if answer.status >= 400 else ctx.refuse(Refusal(500, "Something went wrong"))


def garbled(ctx: FaultContext) -> Answer:
    """Do what was asked, and answer with what is not JSON."""
    answer = ctx.respond()
    half = answer.body[: len(answer.body) // 2]
    body = ctx.random.choice((half, *NO_JSON))
    return answer if answer.status >= 400 else replace(answer, body=body)


def unknown_words(ctx: FaultContext) -> Answer:
    """Describe one session in words that nobody knows."""
    answer = ctx.respond()
    body = json.loads(answer.body)
    listed = body.get("items", [body]) if isinstance(body, dict) else []
    rows = [row for row in listed if "session_id" in row]
    if answer.status >= 400 or not rows:
        return answer
    words = map(ctx.random.choice, (UNKNOWN_STATUSES, UNKNOWN_DETAILS))
    ctx.random.choice(rows).update(zip(("status", "status_detail"), words, strict=True))
    return replace(answer, body=json.dumps(body).encode())


def repeated_rows(ctx: FaultContext) -> Answer:
    """Show a row twice, or one of the page before again."""

    def cut_wrongly(rows_after: Rows, start: int | None, size: int) -> list[Row]:
        rows = cut_page(rows_after, start, size)
        # The last row of a page must be its own: the cursor names it.
        place = ctx.random.randrange(max(1, min(len(rows), size - 1)))
        again = rows[place : place + 1]
        if rows and start is not None and ctx.random.random() < 0.5:
            again = cut_page(rows_after, _earlier(rows, start, 1), 0)
        rows[place:place] = again if size > 1 else []
        return rows

    return _with_pages(ctx, cut_wrongly)


def shifted(ctx: FaultContext) -> Answer:
    """Start a page some rows too early, as when rows were added at the front meanwhile."""

    def cut_wrongly(rows_after: Rows, start: int | None, size: int) -> list[Row]:
        rows = cut_page(rows_after, start, size)
        if not rows or start is None or size < 2:
            return rows
        back = ctx.random.randint(1, min(MOST_ROWS, size - 1))
        return cut_page(rows_after, _earlier(rows, start, back), size)

    return _with_pages(ctx, cut_wrongly)


def _earlier(rows: list[Row], start: int, back: int) -> int:
    """Go back from a position, in a list whose positions grow or in one whose positions fall."""
    return max(-1, start - back) if rows[0][0] > start else start + back


def _with_pages(ctx: FaultContext, cut_wrongly: Callable[[Rows, int | None, int], list[Row]]) -> Answer:
    ctx.world.cut_page = cut_wrongly
    try:
        return ctx.respond()
    finally:
        ctx.world.cut_page = cut_page


def stale(ctx: FaultContext) -> Answer:
    """Do what was asked, and keep it out of lists for some seconds."""
    world, count = ctx.world, len(ctx.world.sessions)
    named = re.search(r"/sessions/devin-([^/]+)", ctx.request.path)
    record = world.sessions.get(named[1]) if named else None
    before = deepcopy(record)
    answer = ctx.respond()
    until = world.now + ctx.duration()
    if before and answer.status < 400:
        world.hold_back(before.session_id, before, until)
    for session_id in islice(reversed(world.sessions), len(world.sessions) - count):
        world.hold_back(session_id, None, until)
    return answer


KINDS = {
    "rate_limited": Kind(
        "429, with Retry-After in seconds", lambda ctx: ctx.refuse(too_many(str(math.ceil(ctx.duration()))))
    ),
    "rate_limited_date": Kind(
        "429, with Retry-After as a date",
        lambda ctx: ctx.refuse(too_many(http_date(math.ceil(ctx.world.now + ctx.duration())))),
    ),
    "rate_limited_bare": Kind("429, without Retry-After", lambda ctx: ctx.refuse(too_many(None))),
    "down": Kind(
        "503 before anything happened", lambda ctx: ctx.refuse(Refusal(503, "The service is not available"))
    ),
    "html": Kind(
        "502 with an HTML page, before anything happened",
        lambda ctx: Answer(502, PROXY_PAGE, {"content-type": "text/html"}),
    ),
    "fails_after": Kind("500 after the request took effect", fails_after),
    "lost": Kind(
        "takes effect; the connection is closed without an answer",
        lambda ctx: replace(ctx.respond(), delivery="lost"),
    ),
    "reset": Kind(
        "the connection is reset before anything happened", lambda ctx: Answer(0, delivery="reset")
    ),
    "cut": Kind(
        "takes effect; the body of the answer breaks off",
        lambda ctx: replace(ctx.respond(), delivery="cut"),
    ),
    "garbled": Kind("takes effect; 200 with a body that is not JSON", garbled),
    "slow": Kind(
        "takes effect; half of the body comes some seconds late",
        lambda ctx: replace(ctx.respond(), delay=ctx.duration()),
    ),
    "unknown_words": Kind("a status and a status_detail that nobody knows", unknown_words, "sessions"),
    "repeated_rows": Kind("a page shows a row twice, or one of the page before", repeated_rows, "page"),
    "shifted": Kind("a page starts some rows too early", shifted, "later page"),
    "stale": Kind("takes effect, but lists do not show it for some seconds", stale, "write"),
}
