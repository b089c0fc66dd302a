"""The tools as Sim describes its own: a file per tool, and one block for all of them, as JSON.

What Sim knows of a tool: apps/sim/tools/types.ts and apps/sim/blocks/types.ts of its repository. Its
functions are data here: `request` says how the request is made of the parameters, `response` how the output
is made of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....spec import Spec
from ....version import __version__
from ...quoting import json_text
from ..fields import require_constants
from .block import block_for_sim
from .declarations import in_order
from .tools import tool_for_sim

__all__ = ["sim_files"]

FORMAT = "devin-tools/sim/1"
BLOCK = "block.json"


def sim_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write every tool, the block, and the list of both."""
    require_constants("Sim", specs, lambda field: (*field.options, field.default) if field.options else ())
    files = {f"tools/{spec.name}.json": tool_for_sim(spec) for spec in in_order(specs)}
    index = {
        "format": FORMAT,
        "name": "devin-tools",
        "version": __version__,
        "block": BLOCK,
        "tools": [*files],
    }
    written: dict[str, Any] = {"index.json": index, BLOCK: block_for_sim(specs), **files}
    return {name: json_text(content) for name, content in written.items()}
