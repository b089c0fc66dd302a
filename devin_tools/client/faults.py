"""What kept a request from its answer, as errors: where it failed, why, and whether it may have arrived."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ConnectionFailed, ConnectionLost, DevinToolsError, InvalidArguments
from ..wire import Request
from .proxies import bypass, proxy_text

if TYPE_CHECKING:
    import ssl

    from .journey import Journey

log = logging.getLogger("devin_tools")

UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})

NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"})
"""What OpenSSL calls the answer of somebody who does not speak TLS."""

FOREIGN_HINT = (
    "If a firewall or proxy of your company signs certificates itself, set SSL_CERT_FILE to a file with its "
    "certificate in PEM form. REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE do not count here."
)
USER_HINT = "Put them into {variable}: http://USER:PASSWORD@HOST:PORT, with @ as %40, : as %3A and / as %2F."


@dataclass(frozen=True, slots=True)
class Cause:
    """Why no connection stood."""

    what: str
    """What the other side did, as the rest of a sentence that begins with its name."""
    hint: str = ""
    is_immediate: bool = False
    """Whether it is known at once, and may be gone a moment later."""
    is_lasting: bool = False
    """Whether it would be the same the next time."""


def unsent(error: DevinToolsError) -> ConnectionFailed:
    """Return the error of a request that was not sent, because asking for the organisation failed."""
    return ConnectionFailed(
        f"The organisation is not set, and asking for it failed. {error.message}",
        hint="Set DEVIN_ORG_ID. The call itself was not sent: repeating it is safe.",
    )


def fault(
    error: Exception, request: Request, journey: Journey, *, was_reached: bool = False
) -> DevinToolsError:
    """Return whether the request may have arrived. The text of the fault stays out: it can name hosts."""
    import httpx

    if isinstance(error, httpx.InvalidURL):
        return InvalidArguments("The arguments make a URL that is too long to send.")
    unsendable = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError
    never_sent = not journey.is_sent if journey.is_traced else isinstance(error, unsendable)
    is_unconnected = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
    if is_unconnected and journey.host and not journey.is_traced:
        journey.stage = "connect"
    log.info(
        "%s: %s %s -> %s, try %d",
        *(request.tool, request.method, request.path, type(error).__name__, request.attempt),
    )
    whole = f"No whole answer to {request.tool} ({request.method}): {type(error).__name__}."
    if not never_sent:
        return ConnectionLost(whole)
    if not journey.stage:
        return ConnectionFailed(whole)
    cause = _cause(error, journey)
    failed = ConnectionFailed(
        f"{_name(journey)} {cause.what}, so {request.tool} ({request.method}) was not sent.",
        hint=cause.hint or _hint(journey),
    )
    failed.retryable = not cause.is_lasting
    failed.is_immediate = cause.is_immediate and not was_reached
    return failed


def _is_at_proxy(journey: Journey) -> bool:
    return journey.proxy is not None and journey.stage != "TLS"


def _name(journey: Journey) -> str:
    """Return who failed: the proxy by its variable, or the host."""
    if journey.proxy is not None and _is_at_proxy(journey):
        return f"The proxy of {journey.proxy.variable} ({journey.proxy.place})"
    return _host(journey)


def _host(journey: Journey) -> str:
    return journey.host if journey.port == 443 else f"{journey.host}:{journey.port}"


def _hint(journey: Journey) -> str:
    if journey.proxy is not None and _is_at_proxy(journey):
        return f"Check {journey.proxy.variable} and the network; repeating the call is safe."
    named = proxy_text("https" if journey.port == 443 else "http") if journey.proxy is None else None
    if named is not None and bypass().covers(journey.host, journey.port):
        return (
            f"NO_PROXY names {journey.host}, so {named[0]} is not used for it: take it out where only a "
            "proxy leads there. Else check the base URL (DEVIN_BASE_URL) and the network; repeating the call "
            "is safe."
        )
    return (
        "Check the base URL (DEVIN_BASE_URL) and the network; where only a proxy leads out, set HTTPS_PROXY. "
        "Repeating the call is safe."
    )


def _cause(error: Exception, journey: Journey) -> Cause:
    """Find out why from what the exception came of."""
    import httpx

    chain = [*_chain(error)]
    if isinstance(error, httpx.ProxyError) and journey.proxy is not None:
        return _refused_by_proxy(str(error), journey)
    for each in chain:
        if (cause := _system_cause(each, journey)) is not None:
            return cause
    if any(isinstance(each, TimeoutError | httpx.TimeoutException) for each in chain):
        return Cause("did not answer in time")
    if journey.stage == "tunnel":
        return Cause("did not answer as such a proxy does, or broke off", is_immediate=True)
    return Cause(f"could not be connected to ({type(error).__name__})", is_immediate=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what it came of, the groups of asynchronous libraries too."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop(0)
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            more = [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
            waiting += [one for one in more if one is not None]


def _system_cause(error: BaseException, journey: Journey) -> Cause | None:
    import ssl

    if isinstance(error, ssl.SSLError):
        return _tls_cause(error, journey)
    if isinstance(error, socket.gaierror | UnicodeError):
        return Cause("was not found: its name is not known here", is_immediate=True)
    if isinstance(error, ConnectionRefusedError):
        return Cause("refused the connection", is_immediate=True)
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return Cause("broke the connection off", is_immediate=True)
    if isinstance(error, OSError) and error.errno in UNREACHABLE:
        return Cause("cannot be reached: no network leads there", is_immediate=True)
    return None


def _tls_cause(error: ssl.SSLError, journey: Journey) -> Cause:
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        hint = FOREIGN_HINT
        if error.verify_code in (62, 64):  # another name, another address
            hint = "Check the base URL (DEVIN_BASE_URL): the certificate is that of another host."
        if "expired" in error.verify_message or "not yet valid" in error.verify_message:
            hint = "Check the clock of this machine. Else whoever runs the host, or a proxy, is to renew it."
        what = f"has a certificate that is not trusted (TLS: {error.verify_message.rstrip('.')})"
        return Cause(what, hint, is_lasting=True)
    if error.reason in NO_TLS:
        hint = ""
        if journey.proxy is not None and journey.stage == "proxy TLS":
            variable = journey.proxy.variable
            hint = (
                f"Most proxies are reached by http://, for https:// too: set {variable} to http://HOST:PORT."
            )
        return Cause("does not speak TLS", hint, is_lasting=True)
    reason = (error.reason or "it broke off").lower().replace("_", " ")
    return Cause(f"could not be reached: TLS failed ({reason})", is_immediate=True)


def _refused_by_proxy(text: str, journey: Journey) -> Cause:
    """Read what a proxy answered: httpx passes on its status, or the words of SOCKS."""
    assert journey.proxy is not None
    variable, host = journey.proxy.variable, _host(journey)
    status = int(text[:3]) if text[:3].isdecimal() else 0
    is_user = "password" in text.lower() or ("Requested" in text and "but got" in text)
    if status == 407 or (not status and is_user):
        number = f" ({status})" if status else ""
        user = USER_HINT.format(variable=variable)
        if journey.proxy.has_user:
            return Cause(
                f"refuses the user and password that are in {variable}{number}", user, is_lasting=True
            )
        return Cause(f"wants a user and a password{number}", user, is_lasting=True)
    if 400 <= status < 500 and status not in (408, 425, 429):
        hint = f"Ask whoever runs it to let {host} through, or name the host in NO_PROXY."
        return Cause(f"refuses to connect to {host} ({status})", hint, is_lasting=True)
    shown = f" ({status})" if status else ""
    hint = f"Check DEVIN_BASE_URL, and whether {variable} leads there; repeating the call is safe."
    return Cause(f"could not connect to {host}{shown}", hint, is_immediate=True)
