"""Worlds in which every example can be called, each as good as new, and cheap: copies of one."""

from __future__ import annotations

import copy
import random
import secrets
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from support.furnished import furnished
from support.kept import new_place
from support.tools import built_in

from devin_tools import Simulator

__all__ = ["fresh_world"]


def fresh_world() -> tuple[Simulator, dict[str, Any]]:
    """Return a simulator with one thing of each resource, and what stands for it in a call.

    See `furnished` and `about` for the latter. Making the things anew takes eight times as long.
    """
    first, names = _first()
    new_place()
    simulator = Simulator(seed=7, catalog=built_in())
    simulator.clock.step(first.clock.now() - simulator.clock.now())
    simulator.world = copy.deepcopy(first.world, {id(first.clock): simulator.clock})
    return simulator, dict(names)


@cache
def _first() -> tuple[Simulator, dict[str, Any]]:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "randbits", random.Random(7).getrandbits)
        patch.setenv("DEVIN_FILE_ROOT", folder)
        with open(f"{folder}/note.txt", "w", encoding="utf-8") as note:
            note.write("A note.\n")
        simulator = Simulator(seed=7, sessions=1, catalog=built_in())
        return simulator, furnished(simulator, next(iter(simulator.world.sessions)))
