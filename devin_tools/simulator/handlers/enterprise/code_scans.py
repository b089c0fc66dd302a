"""Scans of code over all organisations of the enterprise: what one of them does, done for a named one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ....api.enterprise import code_scans as api
from ...response import Answer
from ...world import World
from .. import code_scans as own


@contextmanager
def _in_organization(world: World, org_id: str) -> Iterator[None]:
    """Let what happens be about an organisation; refuse with 404 one that is not there."""
    world.organizations.find(org_id)
    with world.within(org_id):
        yield


def start_scan(world: World, call: api.StartEnterpriseScan) -> Answer:
    """Start a scan."""
    with _in_organization(world, call.org_id):
        return own.start_code_scan(world, call)


def start_ingestion_scan(world: World, call: api.StartEnterpriseIngestionScan) -> dict[str, Any]:
    """Start a scan of what another scanner found."""
    with _in_organization(world, call.org_id):
        return own.start_ingestion_scan(world, call)


def enable_auto_scan(world: World, call: api.EnableEnterpriseAutoScan) -> dict[str, Any]:
    """Repeat a scan from now on."""
    with _in_organization(world, call.org_id):
        return own.enable_auto_scan(world, call)


def disable_auto_scan(world: World, call: api.DisableEnterpriseAutoScan) -> dict[str, Any]:
    """Repeat a scan no longer."""
    with _in_organization(world, call.org_id):
        return own.disable_auto_scan(world, call)


def set_profile(world: World, call: api.SetEnterpriseScanProfile) -> dict[str, Any]:
    """Put a profile in place of that of a scan."""
    with _in_organization(world, call.org_id):
        return own.set_profile(world, call)


def remediate(world: World, call: api.RemediateEnterpriseFinding) -> Answer:
    """Start a session that fixes a finding."""
    with _in_organization(world, call.org_id):
        return own.remediate(world, call)
