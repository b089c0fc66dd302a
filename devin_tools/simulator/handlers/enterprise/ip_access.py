"""The IP access list: it is kept, and nobody is held to it.

Every request to a simulator comes from this machine, whose address no list of an enterprise would hold: to
refuse it would end the world at the first list, and say nothing of the real network.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

from ....api.enterprise import ip_access as api
from ...refusal import Refusal
from ...world import World

STORE = "IpAccessList"


def _list(world: World) -> dict[str, Any]:
    store = world.store(STORE, None)
    return store.find("all") if store.has("all") else store.add("all", {"ip_ranges": []})


def _set(world: World, ranges: Iterable[str]) -> dict[str, Any]:
    """Keep a list, each range once; refuse what is not one with 400."""
    wanted = list(dict.fromkeys(ranges))
    for text in wanted:
        try:
            ip_network(text, strict=False)
        except ValueError:
            raise Refusal(400, "ip_ranges holds what is not an IP address or a CIDR range") from None
    _list(world)["ip_ranges"] = wanted
    return _list(world)


def get_ip_access_list(world: World, call: api.GetIpAccessList) -> dict[str, Any]:
    """Return the list."""
    return _list(world)


def append_ip_ranges(world: World, call: api.AppendIpRanges) -> dict[str, Any]:
    """Add ranges."""
    return _set(world, [*_list(world)["ip_ranges"], *call.ip_ranges])


def replace_ip_ranges(world: World, call: api.ReplaceIpRanges) -> dict[str, Any]:
    """Replace the list."""
    return _set(world, call.ip_ranges)


def clear_ip_access_list(world: World, call: api.ClearIpAccessList) -> dict[str, Any]:
    """Clear the list."""
    return _set(world, [])
