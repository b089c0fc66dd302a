"""Faults of the simulated API: which there are, how often they come, and to which requests."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..spec import Spec
from ..wire import Request
from .fault_kinds import KINDS, FaultContext
from .response import Answer
from .world import World

FAULTS = {name: kind.summary for name, kind in KINDS.items()}
"""Each kind of fault, and what it does."""

Respond = Callable[[], Answer]


class Faults:
    """Decides for each request whether it meets a fault, and which.

    `rate` is the share of requests that do, `kinds` names the kinds (all without it), and
    `seconds` is the longest time one lasts. The same seed spoils the same requests.
    """

    def __init__(
        self,
        rate: float = 0.1,
        kinds: Iterable[str] | None = None,
        seed: int = 0,
        seconds: float = 5.0,
    ):
        names = tuple(FAULTS) if kinds is None else tuple(dict.fromkeys(kinds))
        if not names or not set(names) <= FAULTS.keys():
            raise ValueError(f"no such kind of fault; there are {', '.join(FAULTS)}")
        if not 0 <= rate <= 1:
            raise ValueError("the rate of faults must be from 0 to 1")
        if not 0 < seconds <= 3600:
            raise ValueError("the seconds of faults must be above 0, and an hour at most")
        self.rate, self.kinds, self.seed, self.seconds = rate, names, seed, seconds
        self.met: Counter[str] = Counter()
        """How often each kind was met."""
        self._random = random.Random(seed)  # noqa: S311 - repeatable faults, no secrets

    def __repr__(self) -> str:
        return f"Faults({self.rate!r}, {self.kinds!r}, seed={self.seed!r}, seconds={self.seconds!r})"

    @classmethod
    def parse(cls, text: str) -> Faults:
        """Read `rate=0.2,kinds=lost+garbled,seed=3,seconds=5`; raise `ValueError` when it is not that."""
        given: dict[str, str] = {}
        for part in text.split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not equals or name not in PARSERS or name in given:
                raise ValueError(f"write it as NAME=VALUE,..., each once, with {', '.join(PARSERS)}")
            given[name] = value
        return cls(**{name: _read(name, value) for name, value in given.items()})

    def answer(self, request: Request, spec: Spec | None, world: World, respond: Respond) -> Answer:
        """Answer a request, well or badly."""
        chance, pick, seed = self._random.random(), self._random.random(), self._random.getrandbits(64)
        traits = set(_traits(request, spec))
        fitting = [name for name in self.kinds if KINDS[name].needs in traits]
        if chance >= self.rate or not fitting:
            return respond()
        name = fitting[int(pick * len(fitting))]
        self.met[name] += 1
        draws = random.Random(seed)  # noqa: S311
        return KINDS[name].act(FaultContext(request, world, draws, self.seconds, respond))


def _traits(request: Request, spec: Spec | None) -> Iterator[str]:
    """Yield what a request is, as kinds of faults may need it."""
    yield ""
    if request.method != "GET":
        yield "write"
    if spec is None:
        return
    if "status_detail" in str(spec.output_schema):
        yield "sessions"
    query = dict(request.query)
    # A page fault of a counted list would lose rows for good: nothing in the next request names the last.
    if spec.paging and spec.paging.style == "cursor" and query.get("first") != "1":
        yield from ("page", "later page") if "after" in query else ("page",)


PARSERS: dict[str, Callable[[str], Any]] = {
    "rate": float,
    "kinds": lambda text: [name.strip() for name in text.split("+")],
    "seed": int,
    "seconds": float,
}


def _read(name: str, value: str) -> Any:
    try:
        return PARSERS[name](value)
    except ValueError:
        raise ValueError(f"the {name} must be a {'whole ' if name == 'seed' else ''}number") from None
