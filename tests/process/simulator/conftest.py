"""How the laws of the simulator reach it here: over a socket."""

from __future__ import annotations

import pytest
from support.misbehaving_api import Reach, over_a_socket


@pytest.fixture
def reach() -> Reach:
    """Return what makes a plain httpx client of a simulator."""
    return over_a_socket
