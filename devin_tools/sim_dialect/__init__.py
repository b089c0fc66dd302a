"""The dialect of Sim, the workflow builder: its parameters in, its outputs out, for every tool.

from devin_tools import Client
from devin_tools.sim_dialect import run

with Client() as client:
    output = run(client, "devin_create_session", {"prompt": "Fix it.", "tags": "bug, cart"})
    print(output["sessionId"])

All of it follows from the specs. What Sim's own eleven tools do otherwise is one table, in `known`. Where Sim's
ways would cost money or lose something, this package keeps its own: docs/sim.md lists each place.
"""

from .account import Account
from .outputs import Part, output_for_sim, parts_of
from .params import arguments_from
from .running import arun, run, translated

__all__ = ["Account", "Part", "arguments_from", "arun", "output_for_sim", "parts_of", "run", "translated"]
