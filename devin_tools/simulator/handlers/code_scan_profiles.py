"""Profiles of scans: a few that the account shares, and what organisations make of their own."""

from __future__ import annotations

from typing import Any

from ...api import code_scan_profiles as api
from ..clock import EPOCH
from ..refusal import Refusal
from ..scanning import all_of, newest_first, next_number
from ..session_filters import check_enum
from ..world import World

PROFILES = "Scan profile"

GUIDANCE = (
    "include_globs", "exclude_globs", "threat_model_guidance", "investigation_guidance",
    "validation_guidance", "triage_guidance", "report_guidance", "remediation_guidance",
    "communication_guidance", "ingestion_source_guidance", "post_ingestion_guidance",
)  # fmt: skip
SUMMARY = (
    "profile_id", "name", "description", "mode", "scan_type", "visibility", "org_id", "created_at",
)  # fmt: skip


def _shared(number: int, name: str, mode: str, scan_type: str, **guidance: str) -> dict[str, Any]:
    """Return a profile that the whole account shares."""
    return dict.fromkeys(GUIDANCE) | guidance | {
        "profile_id": f"csprof-{number:032x}",
        "name": name,
        "description": f"What the account looks for: {name.lower()}.",
        "mode": mode,
        "scan_type": scan_type,
        "visibility": "account",
        "org_id": None,
        "created_at": int(EPOCH),
        "number": number,
    }  # fmt: skip


SHARED = (
    _shared(1, "Security", "discover", "security", threat_model_guidance="Whoever can reach the shop."),
    _shared(2, "Findings of others", "ingest", "security", ingestion_source_guidance="The files attached."),
    _shared(3, "Performance", "discover", "performance", threat_model_guidance="What users wait for."),
)
"""The profiles that are there from the beginning."""


def _profile_shown(_: World, profile: dict[str, Any]) -> dict[str, Any]:
    return {name: profile[name] for name in SUMMARY}


def profiles_of(world: World, call: Any = None) -> list[dict[str, Any]]:
    """Return the profiles that a request may see."""
    return [*SHARED, *all_of(world, PROFILES, call)]


def find_profile(world: World, profile_id: str) -> dict[str, Any]:
    """Return a profile that a request may see; refuse with 404 another."""
    found = next((one for one in profiles_of(world) if one["profile_id"] == profile_id), None)
    if found is None:
        raise Refusal(404, "Profile not found")
    return found


def list_profiles(world: World, call: api.ListCodeScanProfiles) -> dict[str, Any]:
    """List profiles without their guidance: those of the organisation, and those of the account."""
    return newest_first(world, call, profiles_of(world, call), _profile_shown)


def get_profile(world: World, call: api.GetCodeScanProfile) -> dict[str, Any]:
    """Return a profile with its guidance."""
    return _whole_profile(find_profile(world, call.profile_id))


def _whole_profile(profile: dict[str, Any]) -> dict[str, Any]:
    return {name: profile[name] for name in (*SUMMARY, *GUIDANCE)}


def create_profile(world: World, call: api.CreateCodeScanProfile) -> dict[str, Any]:
    """Create a profile of the organisation."""
    check_enum(("body", "mode"), [call.mode], api.PROFILE_MODES)
    profile_id = f"csprof-{world.new_id()}"
    profile: dict[str, Any] = dict.fromkeys((*SUMMARY, *GUIDANCE)) | {
        "profile_id": profile_id,
        "name": call.name,
        "mode": call.mode or "discover",
        "scan_type": api.DEFAULT_TYPE,
        "visibility": "org",
        "org_id": world.org_id,
        "created_at": int(world.now),
        "number": len(SHARED) + next_number(world, PROFILES),
    }
    return _whole_profile(world.store(PROFILES).add(profile_id, profile | _said(call)))


def update_profile(world: World, call: api.UpdateCodeScanProfile) -> dict[str, Any]:
    """Change what a request names; what the account shares is not an organisation's to change."""
    profile = find_profile(world, call.profile_id)
    if profile["visibility"] == "account":
        raise Refusal(403, "It belongs to the account, and changing it needs a permission there")
    profile |= _said(call)
    return _whole_profile(profile)


def _said(call: api.CreateCodeScanProfile | api.UpdateCodeScanProfile) -> dict[str, Any]:
    check_enum(("body", "scan_type"), [call.scan_type], api.SCAN_TYPES)
    settable = {"name", "description", "scan_type", *GUIDANCE}
    return {name: getattr(call, name) for name in call.model_fields_set & settable}
