"""The IP access list is kept as it is given, and shuts nobody out of the simulator."""

from __future__ import annotations

from support.simulated_api import Api, simulated

from devin_tools import Client
from devin_tools.api import AppendIpRanges, ClearIpAccessList, GetIpAccessList, ReplaceIpRanges


def test_ranges_are_added_once_replaced_and_cleared(client: Client) -> None:
    assert client.run(GetIpAccessList()).ip_ranges == []
    client.run(AppendIpRanges(ip_ranges=["203.0.113.7"]))
    assert client.run(AppendIpRanges(ip_ranges=["203.0.113.7", "2001:db8::/32"])).ip_ranges == [
        "203.0.113.7", "2001:db8::/32",
    ]  # fmt: skip
    assert client.run(ReplaceIpRanges(ip_ranges=["198.51.100.0/24"])).ip_ranges == ["198.51.100.0/24"]
    assert client.run(GetIpAccessList()).ip_ranges == ["198.51.100.0/24"]
    assert client.run(ClearIpAccessList()).ip_ranges == []


def test_what_is_not_an_address_is_refused_off_the_wire_too() -> None:
    api = Api(simulated())
    assert api("PUT", "/v3/enterprise/ip-access-list", {"ip_ranges": ["example.com"]})[0] == 400
    assert api("GET", "/v3/enterprise/ip-access-list")[1] == {"ip_ranges": []}
