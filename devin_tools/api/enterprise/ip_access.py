"""The addresses that an enterprise may be reached from. Facts: the vendor's Terraform provider."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from ...tool import DESTROY, READ, WRITE, Example, Input, Output, Tool
from ...wire import DELETE, GET, POST, PUT
from ..shared.fields import Name

ACCESS_LIST = "/v3/enterprise/ip-access-list"
MANAGE = "ManageEnterpriseSettings"


OTHER_FORM = re.compile(r"%|/(?!\d+$)")
"""A zone of one machine's own, or a mask in place of a length: Python reads both, and CIDR has neither."""


def _ip_range(value: str) -> str:
    """Refuse what is neither an address nor a range in CIDR form."""
    try:
        meant = None if OTHER_FORM.search(value) else ip_network(value, strict=False)
    except ValueError:
        meant = None
    if meant is None:
        raise ValueError(
            "is not an address or a range of addresses: write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32"
        )
    try:
        ip_network(value)
    except ValueError:
        raise ValueError(
            f"is an address within a range: write {meant} for the range, or the address alone"
        ) from None
    return value


IpRange = Annotated[Name, AfterValidator(_ip_range)]
"""An address, or a range in CIDR form, of IPv4 or IPv6."""


def _some(value: Any) -> Any:
    if value == []:
        raise ValueError("holds no range; to have no access list, call devin_clear_ip_access_list")
    return value


IpRanges = Annotated[list[IpRange], Field(min_length=1), BeforeValidator(_some)]
"""One range at least: what the API makes of an empty list is not documented."""


class IpAccessList(Output):
    """The addresses that an enterprise may be reached from."""

    ip_ranges: list[str]
    """Addresses and ranges in CIDR form; an empty list: it may be reached from anywhere."""


class _WithRanges(Input):
    ip_ranges: Annotated[IpRanges, Example(["203.0.113.0/24", "2001:db8::/32"])]
    """Addresses or ranges in CIDR form, such as `203.0.113.0/24`; at least one."""


class GetIpAccessList(Tool[IpAccessList]):
    """Read the addresses that the enterprise may be reached from."""

    route = GET(ACCESS_LIST, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "which networks are let in, allowlist, firewall, whitelist, CIDR, can I connect from home, VPN, "
        "where can people connect from"
    )
    examples = ({},)


class AppendIpRanges(_WithRanges, Tool[IpAccessList]):
    """Add addresses to those that the enterprise may be reached from.

    The first ranges of an empty list shut out everybody else: until then, it may be reached from
    anywhere. Make sure that your own address is among them.
    """

    route = POST(ACCESS_LIST, permission=MANAGE)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "whitelist the new office, VPN, a network, allowlist another CIDR, firewall rule, let the branch "
        "in Berlin connect, second office, their network must get through, cannot connect from, let in, "
        "unblock"
    )


class ReplaceIpRanges(_WithRanges, Tool[IpAccessList]):
    """Replace all addresses that the enterprise may be reached from.

    Whoever comes from an address that is not in the list is shut out, this tool too: a list without
    your own address can lock everybody out, with no way back through the API. An empty list is
    refused before it is sent.
    """

    route = PUT(ACCESS_LIST, permission=MANAGE)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "let only the office in, lock down, set exactly these CIDRs, networks, overwrite the allowlist, "
        "firewall, take one network off the whitelist, only from the VPN, restrict where people come "
        "from, block everyone else"
    )


class ClearIpAccessList(Tool[IpAccessList]):
    """Clear the list of addresses: the enterprise may be reached from anywhere then."""

    route = DELETE(ACCESS_LIST, permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "firewall off, open to the world, remove the whitelist, all restrictions, let everyone connect, "
        "no allowlist, I locked myself out, open it again, accessible from the internet"
    )
    examples = ({},)
