"""Profiles of scans over all organisations of the enterprise."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import code_scan_profiles as api
from ...world import World
from .. import code_scan_profiles as own


def list_profiles(world: World, call: api.ListEnterpriseScanProfiles) -> dict[str, Any]:
    """List profiles."""
    return own.list_profiles(world, call)


def get_profile(world: World, call: api.GetEnterpriseScanProfile) -> dict[str, Any]:
    """Return a profile with its guidance."""
    return own.get_profile(world, call)
