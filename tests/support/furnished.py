"""A world in which every example can be called: its ids give way to those of things that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from resources import MODULES
from support.simulated_api import simulated
from support.stand_ins import stood_for

from devin_tools import Client, Simulator, Spec
from devin_tools.errors import ApiError

__all__ = ["Worlds", "about", "furnished"]


def furnished(simulator: Simulator, session_id: str | None = None) -> dict[str, Any]:
    """Make one thing of each resource, and return what stands for it in a call.

    A key is a field's name, or a tool's and a field's (`devin_get_note.note_id`) where the name is common.
    """
    names: dict[str, Any] = {}
    if session_id is not None:
        names = {"session_id": session_id, "session_ids": [session_id]}
    with Client(**simulator.connection() | {"guards": ()}) as client:
        for module in MODULES:
            if furnish := getattr(module, "furnish", None):
                names = furnish(client) | names
    return names


def about(spec: Spec, example: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Let an example speak of what is there."""
    tool = stood_for(spec.name)
    return {name: names.get(f"{tool}.{name}", names.get(name, value)) for name, value in example.items()}


Calling = Callable[[Client, Spec, Mapping[str, Any]], Any]
"""A way to call a tool with these arguments."""


def client_runs(client: Client, spec: Spec, arguments: Mapping[str, Any]) -> Any:
    """Call it as Python code does."""
    return client.run(spec.tool.model_validate(arguments))


class Worlds:
    """Worlds in which every example can be called. One serves until a call has worn it out.

    The options are those of the client that calls. `folder_for_files` must be there.
    """

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.renew()

    def renew(self) -> None:
        """Go on in a world that is new."""
        self.simulator = simulated(sessions=3)
        self.names = furnished(self.simulator, next(iter(self.simulator.world.sessions)))

    def run(self, spec: Spec, example: Mapping[str, Any], calling: Calling = client_runs) -> Any:
        """Return the output of an example."""
        try:
            return self._run(spec, example, calling)
        except ApiError:  # an earlier call may have archived or removed what this one is about
            self.renew()
            return self._run(spec, example, calling)

    def _run(self, spec: Spec, example: Mapping[str, Any], calling: Calling) -> Any:
        with Client(**self.simulator.connection(), **self.options) as client:
            return calling(client, spec, about(spec, example, self.names))
