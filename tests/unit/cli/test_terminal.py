"""Text on its way out: coloured for people who want colours, and short."""

from __future__ import annotations

import pytest
from support.shell import at_terminal

from devin_tools.cli.terminal import clock


def test_colours_can_be_turned_off():
    assert "\x1b[" in at_terminal("call").out
    assert "\x1b[" not in at_terminal("call", NO_COLOR="1").out


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00"), (65.9, "01:05"), (3600, "1:00:00"), (90061, "25:01:01"), (-3, "00:00")],
)
def test_lengths_of_time_are_written_short(seconds, text):
    assert clock(seconds) == text
