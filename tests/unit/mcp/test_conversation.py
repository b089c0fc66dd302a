"""How a conversation ends when the process is asked to stop, without the SDK."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from devin_tools.mcp.conversation import _until_stopped


async def breaking(*, is_asked: bool) -> None:
    """Break in the way of the SDK, as it ends or before that."""
    try:
        if is_asked:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
    finally:
        raise ExceptionGroup("streams", [ValueError("nobody takes this message")])


def test_what_breaks_while_the_sdk_ends_is_a_good_end() -> None:
    asyncio.run(_until_stopped(breaking(is_asked=True)))


def test_what_breaks_before_that_is_told() -> None:
    with pytest.raises(ExceptionGroup, match="streams"):
        asyncio.run(_until_stopped(breaking(is_asked=False)))
