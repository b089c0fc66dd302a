"""What a fleet of sessions asks of the API, and how late its ends are noticed: arithmetic, and a simulation.

    python benchmarks/scale.py            prints the tables, and writes them and the picture into docs/
    python benchmarks/scale.py --check    says whether docs/ is current

The simulation is one organisation in virtual time: a server that takes so many requests in each minute, a
poller that keeps to the pace of the Airflow provider, and besides it all that creating and collecting take.
"""

from __future__ import annotations

import argparse
import math
import random
import secrets
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "airflow-provider" / "src"))

from airflow.providers.devin.tools.pace import Pace
from scale_picture import picture

from devin_tools import Client, CreateSession, GetSession, ListSessions, RunTask, Simulator

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = 200
HOLD = 3.0
"""Seconds for which a settled state must hold, so that it is seen by two looks at least."""

CREATE, COLLECT = 3, 2
"""Requests that begin a session with a key of its own (two look-ups, a POST) and that read what it made."""

LOOKS, SAMPLES = 24, 4000


@dataclass(frozen=True)
class Organisation:
    """Sessions at work under one rate limit; each that ends is followed by another."""

    sessions: int
    limit: float = 600.0
    """Requests a minute that the API takes."""

    share: float = 0.5
    """The part of them that looks may take."""

    minutes: float = 120.0
    """How long a session is at work, on average."""

    is_known: bool = True
    """Whether the poller knows the limit."""

    @property
    def pages(self) -> int:
        """Requests of one look."""
        return math.ceil(self.sessions / PAGE)

    @property
    def others(self) -> float:
        """Requests a minute that beginning and collecting take."""
        return self.sessions / self.minutes * (CREATE + COLLECT)

    @property
    def pace(self) -> Pace:
        """How the poller begins."""
        return Pace.under(self.limit, self.share) if self.is_known else Pace()

    @property
    def is_saturated(self) -> bool:
        """Whether what the looks leave is too little for the rest."""
        return self.others > self.limit * (1 - self.share)


@dataclass(frozen=True)
class Watched:
    """What the simulation saw."""

    middle: float
    """Seconds until an end was noticed: half were noticed sooner."""

    late: float
    """95 of 100 were noticed sooner."""

    latest: float
    """None was noticed later."""

    refused: int
    requests: int
    rates: tuple[tuple[float, float], ...]
    """The rate of the poller over time: seconds, requests a minute."""


def watch(fleet: Organisation, looks: int = LOOKS, seed: int = 1) -> Watched:
    """Let a poller look, in virtual time, and draw ends of sessions at random moments."""
    seen: list[list[float]] = [[] for _ in range(fleet.pages)]
    room = fleet.limit - min(fleet.others, fleet.limit * (1 - fleet.share))
    pace, now, refused, rates = fleet.pace, 0.0, 0, []
    window, used = -1, 0
    for _ in range(looks):
        began, before = now, refused
        rates.append((now, pace.rate))
        for number, page in enumerate(seen):
            now += pace.gap if number else 0.0
            if int(now // 60) != window:
                window, used = int(now // 60), 0
            if used > room:  # a 429, and the wait for the next minute; one request may fall on its edge
                refused += 1
                window, used = window + 1, 0
                now = window * 60.0
            used += 1
            page.append(now)
        now = max(now, began + pace.interval(fleet.pages))
        pace = pace.after(fleet.pages, refused - before)
    delays = sorted(drawn(seen, random.Random(seed)))
    at = [delays[int(len(delays) * part)] for part in (0.5, 0.95)]
    return Watched(at[0], at[1], delays[-1], refused, looks * fleet.pages, tuple(rates))


def drawn(seen: list[list[float]], chance: random.Random) -> Iterator[float]:
    """Draw ends of sessions, and say how many seconds later the second look that shows them was."""
    first, last = seen[-1][len(seen[-1]) // 4], seen[0][-3]
    for _ in range(SAMPLES):
        end = first + chance.random() * (last - first)
        times = seen[chance.randrange(len(seen))]
        shown = bisect_right(times, end)
        settled = next(time for time in times[shown:] if time - times[shown] >= HOLD)
        yield settled - end


def spread(total: int, limit: float) -> Organisation:
    """Return one of as many organisations as it takes for none to be saturated."""
    count = 1
    while (one := Organisation(math.ceil(total / count), limit)).is_saturated:
        count += 1
    return one


def organisations(total: int, limit: float) -> int:
    """Return how many those are."""
    return math.ceil(total / spread(total, limit).sessions)


def measured() -> dict[str, float]:
    """Measure, on the simulator, the sizes and the requests that the arithmetic takes as given."""
    simulator = Simulator(seed=1)
    draws = patch.object(secrets, "randbits", random.Random(1).getrandbits)
    with draws, Client(**simulator.connection(), guards=()) as client:
        before = len(simulator.requests)
        client.run(CreateSession(prompt="Fix the flaky test.", idempotency_key="one"))
        create = len(simulator.requests) - before
        gets = simulator.count("GET", "/sessions/devin-")
        before = len(simulator.requests)
        output = client.run(RunTask(prompt="Fix the flaky test.", idempotency_key="two"))
        looks = simulator.count("GET", "/sessions/devin-") - gets - 2
        collect = len(simulator.requests) - before - create - looks
        for number in range(PAGE):
            client.run(CreateSession(prompt=f"Fix test {number}."))
        page = client.run(ListSessions(limit=PAGE))
        session = client.run(GetSession(session_id=output.session_id))
    return {
        "create": create,
        "collect": collect,
        "output_bytes": len(output.model_dump_json()),
        "session_bytes": len(session.model_dump_json(exclude_unset=True)),
        "page_bytes": len(page.model_dump_json(exclude_unset=True)),
    }


ACTIVITY, TIMER = 6, 5
"""Events of a Temporal history: three of an activity, two of a timer, three of the task that follows."""

HISTORY = 10_000
"""Events after which a history is begun anew; Temporal ends one at 51,200."""


def rows(limit: float = 600.0) -> Iterator[list[str]]:
    """Make the rows of the table of requests."""
    for total in (1_000, 100_000, 1_000_000):
        one, count = spread(total, limit), organisations(total, limit)
        seen = watch(one)
        interval = one.pace.interval(one.pages)
        yield [
            f"{total:,}",
            f"{count}",
            f"{one.sessions:,}",
            f"{one.others:.0f}",
            f"{one.pages}",
            f"{interval:.1f} s",
            f"{one.pages * 60 / interval:.0f}",
            f"{seen.middle:.1f} s",
            f"{seen.late:.1f} s",
            f"{seen.latest:.1f} s",
            f"{seen.refused}",
        ]


def storage() -> Iterator[list[str]]:
    """Make the rows of the table of histories and storage."""
    sizes = measured()
    for total in (1_000, 100_000, 1_000_000):
        one, count = spread(total, 600.0), organisations(total, 600.0)
        looks = HISTORY // (one.pages * ACTIVITY + TIMER)
        interval = one.pace.interval(one.pages)
        alone = round(one.minutes * 60 / 30) * (ACTIVITY + TIMER)
        yield [
            f"{total:,}",
            f"{total / one.minutes * 60 * 24:,.0f}",
            f"{total / one.minutes * 60 * 24 * sizes['output_bytes'] / 1e9:.2f} GB",
            f"{count * one.pages * sizes['page_bytes'] / interval / 1e6:.2f} MB/s",
            f"{looks} looks, {looks * interval / 60:.0f} min",
            f"{total * alone / 1e6:,.1f} million",
        ]


def learning() -> list[tuple[str, Watched]]:
    """Watch a poller that does not know the limit, from both sides."""
    fleet = Organisation(10_000, 600.0, is_known=False, minutes=300)
    known = replace(fleet, is_known=True)
    return [("limit unknown", watch(fleet, looks=900)), ("limit known", watch(known, looks=900))]


def curves() -> dict[float, list[tuple[int, float, bool]]]:
    """Simulate, per limit, how late ends are noticed as the fleet of one organisation grows."""
    sizes = [round(10 ** (2 + step / 4)) for step in range(17)]
    return {
        limit: [(n, watch(one).late, one.is_saturated) for n in sizes for one in [Organisation(n, limit)]]
        for limit in (60.0, 600.0, 6000.0)
    }


HEADS = {
    "requests": (
        "sessions|organisations|sessions in each|creating and collecting, a minute|requests a look"
        "|interval|looking, a minute|noticed: half|95 of 100|last|refused",
        rows,
    ),
    "storage": (
        "sessions|ended a day|outputs a day|read by looks|history of a poller|events, if each looked alone",
        storage,
    ),
}


def table(name: str) -> str:
    """Write a table as the page has it."""
    titles, make = HEADS[name]
    heads = titles.split("|")
    lines = [heads, ["---:"] * len(heads), *make()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(page: str) -> str:
    """Put the tables into the page, each after its mark."""
    for name in HEADS:
        mark, end = f"<!-- benchmarks/scale.py: {name} -->\n", "<!-- end -->"
        before, _, after = page.partition(mark)
        page = f"{before}{mark}{table(name)}{end}{after.partition(end)[2]}"
    return page


def main() -> int:
    """Write the page and its picture, or check them."""
    parser = argparse.ArgumentParser(description="Simulate fleets of sessions.")
    parser.add_argument("--check", action="store_true")
    is_check = parser.parse_args().check
    page, drawing = DOCS / "scale.md", DOCS / "scale.svg"
    made = {page: written(page.read_text(encoding="utf-8")), drawing: picture(curves(), learning())}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
    for name in HEADS:
        print(table(name))
    if is_check:
        print(*(f"{path.name} is stale" for path in stale), sep="\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(made[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
