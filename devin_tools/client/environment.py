"""What of the environment's proxies and certificates counts for the API, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..errors import MissingSetting
from .certificates import FOREIGN, certificate_places, check_key_log, trusted
from .proxies import PORTS, bypass, is_direct, proxy_text, proxy_to, read_proxy, variable

if TYPE_CHECKING:
    import ssl

__all__ = ["Row", "check", "report"]


class Row(NamedTuple):
    """A variable as `doctor` shows it."""

    variable: str
    value: str | None
    """What may be shown of it."""
    state: str


def check(base_url: str) -> None:
    """Raise `MissingSetting` for what cannot be used, as far as that costs little to see."""
    parts = urlsplit(base_url)
    proxy_to(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme])
    certificate_places()
    check_key_log()


def report(base_url: str) -> tuple[list[Row], list[MissingSetting]]:
    """Return each variable with its health, and what is wrong with those in use."""
    parts = urlsplit(base_url)
    place = parts.hostname or "", parts.port or PORTS[parts.scheme]
    problems: list[MissingSetting] = []
    rows = [*_proxy_rows(*place, problems), *_bypass_rows(*place), *_certificate_rows(problems)]
    if parts.scheme == "https":
        return rows, problems
    unused = "not used: the base URL is plain HTTP on this machine"
    return [Row(row.variable, None, unused) for row in rows], []


def _proxy_rows(host: str, port: int, problems: list[MissingSetting]) -> Iterator[Row]:
    counting = proxy_text("https")
    texts = [text for name in ("https_proxy", "all_proxy", "http_proxy") if (text := variable(name))]
    for given in [*texts, *([counting] if counting and counting not in texts else [])]:
        shown, problem = None, None
        try:
            shown = str(read_proxy(*given))
        except MissingSetting as error:
            problem = error
        if given != counting:
            state = (
                f"not used: {counting[0] if counting else 'HTTPS_PROXY'} counts, as the API is at https://"
            )
        elif is_direct(host, port):
            state = f"not used for {host}, which is reached directly"
        else:
            state = problem.message if problem else f"in use for {host}"
            problems += [problem] if problem else []
        yield Row(given[0], shown, state)


def _bypass_rows(host: str, port: int) -> Iterator[Row]:
    if (given := variable("no_proxy")) is not None:
        passed = bypass()
        how = "names" if passed.covers(host, port) else "does not name"
        numbers = ", ".join(map(str, passed.unread))
        left = f"; what is passed over, as it cannot be read: entry {numbers}" if numbers else ""
        yield Row(given[0], f"entries: {passed.size}", f"{how} {host}{left}")


def _certificate_rows(problems: list[MissingSetting]) -> Iterator[Row]:
    for name, shown, state in (_key_log(problems), *_certificates(problems)):
        if state:
            yield Row(name, shown, state)
    for name in FOREIGN:
        if os.environ.get(name):
            yield Row(name, None, "not used: set SSL_CERT_FILE to its file if the API needs that")


def _key_log(problems: list[MissingSetting]) -> Row:
    name, path = "SSLKEYLOGFILE", os.environ.get("SSLKEYLOGFILE")
    try:
        check_key_log()
    except MissingSetting as error:
        problems.append(error)
        return Row(name, None, error.message)
    return Row(name, path, "in use: whoever reads it can read what is sent" if path else "")


def _certificates(problems: list[MissingSetting]) -> Iterator[Row]:
    names = [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
    for name in names[:1]:
        try:
            yield Row(name, os.environ[name], _health(trusted()))
        except MissingSetting as error:
            problems.append(error)
            yield Row(name, None, error.message)
    for name in names[1:]:
        yield Row(name, None, f"not used: {names[0]} counts")


def _health(context: ssl.SSLContext) -> str:
    """Return how many certificates there are, as far as they are read before they are needed."""
    import ssl
    import time

    known = context.get_ca_certs()
    if not known:
        return "in use"
    late = sum(ssl.cert_time_to_seconds(str(one["notAfter"])) < time.time() for one in known)
    return f"in use, certificates: {len(known)}" + (f", of which expired: {late}" if late else "")
