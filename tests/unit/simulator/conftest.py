"""How the laws of the simulator reach it here: in process."""

from __future__ import annotations

import pytest
from support.misbehaving_api import Reach, in_process


@pytest.fixture
def reach() -> Reach:
    """Return what makes a plain httpx client of a simulator."""
    return in_process
