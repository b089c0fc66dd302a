"""The simulator: in process, or through a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..catalog import Catalog
from .api import SimulatedApi
from .clock import SimulatedClock
from .people import furnish_people
from .principals import Keys
from .scenarios import SCENARIOS
from .world import World

if TYPE_CHECKING:
    from .faults import Faults
    from .server import Server
    from .transport import Transport

API_KEY = "cog_simulator"


class Simulator(SimulatedApi):
    """A pretend Devin API. Time is virtual unless `speed` is given; everything follows the seed.

    `keys` maps keys to the permissions they have, or to a `Principal`; without it any `cog_` key may do
    everything, but `cog_simulator_organization`, which opens no path of the enterprise, and
    `cog_simulator_enterprise`, which belongs to no organisation.
    `faults` spoil some requests, and `limit` is how many it takes in a minute of its clock.
    Ids of sessions are taken as answers give them, without `devin-`, as clients in use show the API to do;
    `strict_ids` refuses them, as its documents say.
    """

    SCENARIOS = {name: summary for name, (summary, _) in SCENARIOS.items()}

    def __init__(
        self,
        *,
        seed: int = 0,
        scenario: str = "finishes",
        sessions: int = 0,
        keys: Keys | None = None,
        speed: float | None = None,
        faults: Faults | None = None,
        limit: int | None = None,
        catalog: Catalog | None = None,
        strict_ids: bool = False,
    ):
        if scenario not in SCENARIOS:
            raise ValueError(f"no such scenario; there are {', '.join(SCENARIOS)}")
        world = World(SimulatedClock(speed), seed=seed, scenario=scenario)
        furnish_people(world)
        super().__init__(world, keys=keys, faults=faults, limit=limit, catalog=catalog, strict_ids=strict_ids)
        if sessions:
            from .samples import add_samples

            add_samples(self.world, sessions)

    def connection(self) -> dict[str, Any]:
        """Return what a client needs: `Client(**simulator.connection())`."""
        return {
            "transport": self.transport(),
            "api_key": next(iter(self.keys)) if self.keys else API_KEY,
            "org_id": self.world.org_id,
            "clock": self.clock,
        }

    def transport(self) -> Transport:
        """Return an httpx transport, for sync and async clients."""
        from .transport import Transport

        return Transport(self)

    def serve(self, port: int = 0) -> Server:
        """Return an HTTP server on loopback; use it in a `with` statement."""
        from .server import Server

        return Server(self, port)
