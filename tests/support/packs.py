"""What the formats make of all built-in tools, made once a session."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from support.builder_forms import with_odd
from support.tools import built_in, tools

__all__ = ["pack", "pack_with_odd"]


@cache
def pack(exporter: str) -> Mapping[str, str]:
    """Return the files of a format for the built-in tools."""
    return built_in().exporters[exporter].files(tools())


@cache
def pack_with_odd(exporter: str) -> Mapping[str, str]:
    """Return the files of a format for the built-in tools and for what a plugin may bring."""
    return built_in().exporters[exporter].files(with_odd())
