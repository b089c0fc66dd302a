"""What arrives at the API: from a builder's pack, and from our own client for the same call."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).parents[2]))

from support.furnished import about, furnished

from devin_tools import Client, Simulator, Spec, load_catalog
from devin_tools.api.shared.once import KEY_TAG
from devin_tools.errors import DevinToolsError
from devin_tools.simulator.response import Answer
from devin_tools.wire import Request, dump_json

__all__ = ["SPECS", "Asked", "Cases", "Listening", "cases", "expected", "untold", "world"]

Cases: TypeAlias = Sequence[tuple[Spec, dict[str, Any]]]

SPECS = [spec for spec in load_catalog(plugins=()) if spec.is_one_request]


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any


class Listening(Simulator):
    """A simulator that remembers what it was asked, whole."""

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.asked: list[Asked] = []
        self.spoiled: list[str] = []
        """What becomes of the next writes: `lost` (done, no answer), `never` (neither), `slow` (429).

        Anything else but `whole` is JSON, which answers what was done.
        """

    def handle(self, request: Request, *rest: Any, **more: Any) -> Any:
        body = None if request.body is None else json.loads(dump_json(request.body))
        self.asked.append(Asked(request.method, request.path, tuple(sorted(request.query)), body))
        fate = self.spoiled.pop(0) if self.spoiled and request.method != "GET" else "whole"
        if fate == "slow":
            return Answer(429, b"{}", {"content-type": "application/json"})
        answer = Answer(200) if fate == "never" else super().handle(request, *rest, **more)
        if fate in ("lost", "never"):
            return replace(answer, delivery="lost")
        return answer if fate == "whole" else replace(answer, body=fate.encode())


def untold(asked: Sequence[Asked]) -> list[Asked]:
    """Return requests without what is drawn by lot: the tag of a created session."""
    return [replace(one, body=_untold(one.body)) for one in asked]


def _untold(body: Any) -> Any:
    if not isinstance(body, dict) or "tags" not in body:
        return body
    return body | {"tags": ["..." if tag.startswith(KEY_TAG) else tag for tag in body["tags"]]}


def world() -> tuple[Listening, dict[str, Any]]:
    """Return a simulator with one thing of each resource; the same each time."""
    simulator = Listening(seed=1, sessions=3)
    session_id = f"devin-{next(iter(simulator.world.sessions))}"
    names = furnished(simulator, session_id.replace("devin-devin-", "devin-"))
    simulator.asked.clear()
    return simulator, names


def cases(names: Mapping[str, Any]) -> Iterator[tuple[Spec, dict[str, Any]]]:
    """Yield every example of every tool of one request, about what is there; the ends come last."""
    for spec in sorted(SPECS, key=lambda spec: spec.effect.kind == "destroy"):
        unsent = {place.field for place in spec.places if place.where == "nowhere"}
        for example in spec.examples or ({},):
            call = about(spec, example, names)
            yield spec, {name: value for name, value in call.items() if name not in unsent}


def expected(spec: Spec, arguments: Mapping[str, Any], *, tags_creates: bool = False) -> list[Asked]:
    """Return what our own client asks for a call."""
    simulator, _ = world()
    options = simulator.connection() | {"tag_creates": tags_creates, "guards": ()}
    with Client(**options) as client:
        with suppress(DevinToolsError):  # what the API thinks of it is not what is compared
            client.run(spec.tool.model_validate(dict(arguments)))
    return simulator.asked
