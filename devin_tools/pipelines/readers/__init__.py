"""The built-in readers. A plugin too, like any third party's reader."""

from __future__ import annotations

from collections.abc import Iterable

from ...hookspecs import Reader, hookimpl
from . import standard

__all__ = ["devin_tools_provide_readers"]


@hookimpl
def devin_tools_provide_readers() -> Iterable[Reader]:
    """Give the built-in readers; the last that knows a body reads it."""
    return [standard.READER]
