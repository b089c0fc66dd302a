"""Profiles of scans in all organisations of an enterprise."""

from __future__ import annotations

from support.cases import Case, Cases


def cases() -> Cases:
    yield Case("devin_list_enterprise_scan_profiles", "first_page", {"limit": 2}, live=False)
    profile = {"profile_id": f"csprof-{1:032x}"}
    yield Case("devin_get_enterprise_scan_profile", "shared", profile, live=False)
    yield Case("devin_get_enterprise_scan_profile", "not_found", {"profile_id": "csprof-0"}, live=False)
