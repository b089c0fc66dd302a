"""The proxies that this machine's environment names, read and judged without httpx.

`https_proxy` counts, or else `all_proxy` (`http_proxy` for plain HTTP), but not for this machine and the
hosts of `no_proxy`. The name in small letters goes before the one in capitals, as in curl.

No error shows a user or password of a proxy, or a value that could not be read.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib.util import find_spec
from typing import Any

from ..errors import MissingSetting, needs_extra

__all__ = ["Bypass", "Proxy", "bypass", "is_direct", "proxy_text", "proxy_to", "read_proxy", "variable"]

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""The kinds of proxies, and their ports where none is named."""

ALIASES = {"socks": "socks5"}
"""What desktops call a SOCKS proxy of whatever version; all that are still made speak version 5."""

SYSTEM = "the system's settings"
"""What stands for a variable on Windows and macOS, where none is set."""

FORM = "http://HOST:PORT, perhaps with USER:PASSWORD@ before HOST"

PROXY = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[^\s:/\[\]@]+))(?::(?P<port>[0-9]{0,5}))?")

V6 = re.compile(r"\[(?P<address>[^\]%/]+)(?:%[^\]/]*)?(?P<bits>/\d+)?\](?P<more>/\d+)?(?::(?P<port>\d+))?")
"""An address in brackets, as URLs have them, and a network in whatever way."""

NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and which variable names it. Its user and password are in `url`, which is never shown."""

    variable: str
    kind: str
    place: str
    """Host and port."""
    url: str = field(repr=False)
    has_user: bool = False

    def __str__(self) -> str:
        return f"{self.kind}://{'(user)@' if self.has_user else ''}{self.place}"


def proxy_to(scheme: str, host: str, port: int) -> Proxy | None:
    """Return the proxy to a host, `None` where there is none; raise `MissingSetting` for a malformed one."""
    if (found := proxy_text(scheme)) is None or is_direct(host, port):
        return None
    if found[0] == SYSTEM:
        from urllib.request import proxy_bypass

        if proxy_bypass(host):
            return None
    return read_proxy(*found)


def is_direct(host: str, port: int) -> bool:
    """Return whether no proxy leads to a host: it is this machine, or one that `no_proxy` names."""
    address = _address(host.strip("[]"))
    is_here = host.lower().rstrip(".") == "localhost" or bool(address and address.is_loopback)
    return is_here or bypass().covers(host, port)


def bypass() -> Bypass:
    """Return what is reached without a proxy."""
    found = variable("no_proxy")
    return Bypass(found[1] if found else "")


def variable(name: str) -> tuple[str, str] | None:
    """Return the name and text of a variable; small letters go first, and set to nothing they are the end."""
    if name in os.environ:
        return (name, text) if (text := os.environ[name].strip()) else None
    for other, value in os.environ.items():
        if other.lower() == name and (text := value.strip()):
            return other, text
    return None


def proxy_text(scheme: str) -> tuple[str, str] | None:
    """Return which variable names the proxy of a scheme, and its text."""
    if (found := variable(f"{scheme}_proxy") or variable("all_proxy")) is not None:
        return found
    if os.name == "posix" and os.uname().sysname != "Darwin":
        return None
    from urllib.request import getproxies  # Windows and macOS have settings of their own

    known = getproxies()
    text = known.get(scheme) or known.get("all")
    return (SYSTEM, text) if text else None


def read_proxy(variable: str, text: str) -> Proxy:
    """Read a proxy; raise `MissingSetting`."""
    scheme, is_url, rest = text.partition("://")
    kind = scheme.lower() if is_url else "http"
    rest = rest if is_url else text.removeprefix("//")
    kind = ALIASES.get(kind, kind)
    if kind not in PORTS:
        known = f"the kind {kind}, which" if kind in ("socks4", "socks4a") else "a kind that"
        raise MissingSetting(
            f"{variable} names a proxy of {known} is not supported.",
            hint=f"Set {variable} to one of the kinds {', '.join(PORTS)}, in the form {FORM}.",
        )
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user, has_user, place = authority.rpartition("@")
    match = PROXY.fullmatch(place)
    host = None if match is None or "@" in rest[len(authority) :] else _host(match)
    port = int((match and match["port"]) or PORTS[kind])
    if host is None or not user.isprintable() or not 0 < port < 2**16:
        raise _malformed(variable)
    if kind.startswith("socks") and find_spec("socksio") is None:
        raise MissingSetting(
            f"{variable} names a SOCKS proxy, and what speaks to one is not installed.",
            hint=needs_extra("socks"),
        )
    place = f"{host}:{port}"
    return Proxy(variable, kind, place, f"{kind}://{user}{has_user}{place}", bool(has_user))


def _host(match: re.Match[str]) -> str | None:
    """Return a host in ASCII, as the system's look-up takes it, or an address; `None` for anything else."""
    if match["v6"]:
        return f"[{match['v6']}]" if _address(match["v6"]) else None
    try:
        name = match["name"].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if name.replace(".", "").isdecimal():
        return name if _address(name) else None
    return name if NAME.fullmatch(name) else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _malformed(variable: str) -> MissingSetting:
    return MissingSetting(
        f"{variable} does not name a proxy.",
        hint=f"Set {variable} to {FORM}, without quotes; in user and password write @ as %40, : as %3A, "
        "/ as %2F, # as %23, ? as %3F and % as %25. Or unset it.",
    )


class Bypass:
    """The hosts that are reached without a proxy, by the text of `no_proxy` in whatever form people write it.

    An entry is `*`, a name (of the host and of all below it, with or without `.` or `*.` before it), an
    address, a network (`10.0.0.0/8`), with or without a port. What cannot be read is passed over.
    """

    def __init__(self, text: str):
        self.unread: list[int] = []
        """Which entries could not be read, counted from 1."""
        self._rules: list[tuple[Any, int | None]] = []
        for number, entry in enumerate(re.split(r"[\s,;]+", text.strip(" \t\"',;")), 1):
            try:
                self._rules += [_rule(entry.strip("\"'"))] if entry else []
            except ValueError:
                self.unread.append(number)

    @property
    def size(self) -> int:
        """How many entries there are that could be read."""
        return len(self._rules)

    def covers(self, host: str, port: int) -> bool:
        """Return whether a host is reached without a proxy."""
        name = host.strip("[]").rstrip(".").lower()
        address = _address(name)
        return any(only in (None, port) and _fits(rule, name, address) for rule, only in self._rules)


def _rule(entry: str) -> tuple[Any, int | None]:
    """Read an entry as a network or a name, and a port; raise `ValueError`."""
    text = entry.partition("://")[2].partition("/")[0] if "://" in entry else entry
    if match := V6.fullmatch(text):
        network = ipaddress.ip_network(
            match["address"] + (match["bits"] or match["more"] or ""), strict=False
        )
        return network, int(match["port"]) if match["port"] else None
    if (network := _network(text)) is not None:
        return network, None
    host, has_port, port = text.rpartition(":")
    host = host if has_port else text
    if has_port and not port.isdecimal():
        raise ValueError
    name = host.removeprefix("*.").strip(".").lower()
    if not re.fullmatch(r"[\w.*-]+|<local>", name):
        raise ValueError
    return _network(host) or name, int(port) if has_port else None


def _network(text: str) -> Any:
    """Return an address or network as a network; `None` for anything else."""
    try:
        return ipaddress.ip_network(text.partition("%")[0], strict=False)
    except ValueError:
        return None


def _fits(rule: Any, name: str, address: Any) -> bool:
    if not isinstance(rule, str):
        return address is not None and address in rule
    if rule == "<local>":  # of Windows: names without a dot
        return address is None and "." not in name
    if "*" in rule:
        return fnmatchcase(name, rule)
    return name == rule or (address is None and name.endswith(f".{rule}"))
