"""What would lock an enterprise out, or is not an address, is refused before it is sent."""

from __future__ import annotations

import pytest

from devin_tools.api import AppendIpRanges, ReplaceIpRanges
from devin_tools.errors import InvalidArguments

RANGES = ["203.0.113.7", "203.0.113.0/24", "2001:db8::1", "2001:db8::/32", "0.0.0.0/0"]


@pytest.mark.parametrize("tool", [AppendIpRanges, ReplaceIpRanges])
def test_addresses_and_ranges_of_both_kinds_are_taken_as_they_are(
    tool: type[AppendIpRanges | ReplaceIpRanges],
) -> None:
    assert tool(ip_ranges=RANGES).ip_ranges == RANGES


@pytest.mark.parametrize("tool", [AppendIpRanges, ReplaceIpRanges])
def test_an_empty_list_is_refused_and_the_tool_for_it_named(
    tool: type[AppendIpRanges | ReplaceIpRanges],
) -> None:
    with pytest.raises(InvalidArguments) as refused:
        tool(ip_ranges=[])
    assert "devin_clear_ip_access_list" in refused.value.details[0]["reason"]


@pytest.mark.parametrize(
    "wrong",
    [
        *("203.0.113", "203.0.113.300", "203.0.113.0/33", "example.com", "2001:db8::/129", "10.0.0.0-9"),
        *("10.0.0.0/255.0.0.0", "10.0.0.0/0.255.255.255", "0.0.0.0/0.0.0.0", "fe80::1%eth0"),
    ],
)
def test_what_is_not_an_address_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidArguments) as refused:
        ReplaceIpRanges(ip_ranges=["203.0.113.7", wrong])
    assert "not an address" in refused.value.details[0]["reason"]


def test_an_address_with_a_length_is_refused_as_it_may_mean_either() -> None:
    with pytest.raises(InvalidArguments) as refused:
        ReplaceIpRanges(ip_ranges=["203.0.113.7/24"])
    assert "203.0.113.0/24" in refused.value.details[0]["reason"]
