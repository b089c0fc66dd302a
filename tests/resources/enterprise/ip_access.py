"""The IP access list."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

LARGEST: dict[str, Any] = {"IpAccessList": {"ip_ranges": ["203.0.113.7", "2001:db8::/32"]}}
SMALLEST: dict[str, Any] = {"IpAccessList": {"ip_ranges": []}}


def cases() -> Cases:
    ranges = {"ip_ranges": ["203.0.113.0/24", "2001:db8::/32"]}
    yield Case("devin_replace_ip_ranges", "replaced", ranges, live=False)
    yield Case("devin_append_ip_ranges", "appended", {"ip_ranges": ["198.51.100.7"]}, live=False)
    yield Case("devin_get_ip_access_list", "list", {}, live=False)
    yield Case("devin_clear_ip_access_list", "cleared", {}, live=False)
