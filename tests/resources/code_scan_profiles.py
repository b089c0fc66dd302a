"""Profiles of scans."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateCodeScanProfile

PROFILE: dict[str, Any] = {
    "profile_id": "csprof-0123456789abcdef0123456789abcdef",
    "name": "Injection",
    "description": "What users can reach.",
    "mode": "discover",
    "scan_type": "security",
    "visibility": "org",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "created_at": 1767225600,
}
GUIDED = PROFILE | {
    "include_globs": ["src/**"],
    "exclude_globs": ["tests/**"],
    "threat_model_guidance": "Look for queries made of text that users wrote.",
    "investigation_guidance": "Follow each value to where it came from.",
    "validation_guidance": "Run the tests.",
    "triage_guidance": "Drop what only tests reach.",
    "report_guidance": "Be short.",
    "remediation_guidance": "Add a test.",
    "communication_guidance": "Tell the owners.",
    "ingestion_source_guidance": None,
    "post_ingestion_guidance": None,
}
SHARED = PROFILE | {"profile_id": "csprof-2", "description": None, "visibility": "account", "org_id": None}
LARGEST: dict[str, Any] = {"CodeScanProfileDetails": GUIDED, "CodeScanProfilePage": page(PROFILE, SHARED)}
SMALLEST: dict[str, Any] = {
    "CodeScanProfileDetails": {"profile_id": "csprof-1"},
    "CodeScanProfilePage": {"items": []},
}
UNTRUSTED = {
    "CodeScanProfile": {"name", "description"},
    "CodeScanProfileDetails": {name for name in GUIDED if name.endswith(("_guidance", "_globs"))}
    | {"name", "description"},
}

FIELDS = {"name": "Cassette", "mode": "discover", "threat_model_guidance": "Look at nothing."}


def furnish(client: Client) -> dict[str, Any]:
    profile_id = client.run(CreateCodeScanProfile(**FIELDS)).profile_id
    return {"devin_update_code_scan_profile.profile_id": profile_id}


def cases() -> Cases:
    made = yield Case("devin_create_code_scan_profile", "created", FIELDS, live=False)
    on = {"profile_id": made.profile_id}
    changes = {"scan_type": "performance", "include_globs": ["src/**"], "threat_model_guidance": ""}
    yield Case("devin_update_code_scan_profile", "changed", on | changes, live=False)
    yield Case(
        "devin_update_code_scan_profile",
        "shared",
        {"profile_id": f"csprof-{1:032x}", "name": "Mine"},
        live=False,
    )
    yield Case("devin_list_code_scan_profiles", "first_page", {"limit": 2}, live=False)
    yield Case("devin_get_code_scan_profile", "profile", on, live=False)
    yield Case("devin_get_code_scan_profile", "not_found", {"profile_id": "csprof|x"}, live=False)
