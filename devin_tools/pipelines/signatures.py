"""Whether an event comes from who it should come from: bearer tokens, and vendors' HMAC signatures.

Pure: the secrets and the time are given. All comparing is in constant time, and no error says which
part was wrong, or repeats anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import BadSignature
from ..text.suggestions import one_of

MAX_AGE = 300.0
"""How many seconds a signed time may lie back, or ahead."""

MAX_HEADER = 4_096
MAX_SIGNATURES = 16

HEX = re.compile(r"[0-9a-f]{64}")

Scheme = Callable[[Mapping[str, str], bytes, str, float], bool]
"""`(headers, body, secret, now) -> whether it is signed with the secret`; header names in lower case."""


def verify(
    scheme: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: float
) -> None:
    """Raise `BadSignature` unless an event is signed with one of the secrets, by a scheme of `SCHEMES`.

    Give several secrets while one takes the place of another. `body` must be the bytes as they came,
    and `now` the time in seconds since 1970.
    """
    if scheme not in SCHEMES:
        raise BadSignature("The signature scheme is not known.", hint=one_of(scheme, SCHEMES, "schemes"))
    if not secrets or not all(secrets):  # anybody can sign with nothing
        raise BadSignature("There is no secret to check the signature with.")
    # one that is too long counts as empty, not as left out: Grafana's time must be right where there is one
    lower = {name.lower(): value if len(value) <= MAX_HEADER else "" for name, value in headers.items()}
    # every secret is tried, so that the time taken does not tell which one fits
    fitting = [SCHEMES[scheme](lower, body, secret, now) for secret in secrets]
    if True not in fitting:
        raise BadSignature("The event is not signed with the secret, or was signed too long ago.")


def sign(secret: str, *parts: bytes) -> str:
    """Return the HMAC-SHA256 of bytes, as hex."""
    return hmac.new(secret.encode(), b"".join(parts), hashlib.sha256).hexdigest()


def _is_one(wanted: str, given: Iterable[str]) -> bool:
    """Return whether one of a few signatures is the wanted one, looking at all of them."""
    few = [each.strip().lower() for each in given][:MAX_SIGNATURES]
    same = [hmac.compare_digest(wanted, each) for each in few if HEX.fullmatch(each)]
    return True in same


def _bearer(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    """A token, for senders that can set a header and nothing more; or a password, with whatever name."""
    kind, _, token = headers.get("authorization", "").strip().partition(" ")
    given = token.strip().encode()
    if kind.lower() == "basic":
        given = _password(given)
    return hmac.compare_digest(given, secret.encode()) and kind.lower() in ("bearer", "basic")


def _password(credentials: bytes) -> bytes:
    """Return the password in the credentials of HTTP's basic scheme; nothing where there are none."""
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except binascii.Error:
        return b""


@dataclass(frozen=True, slots=True)
class Hmac:
    """A vendor's way to sign: which header bears the HMAC-SHA256 of what."""

    header: str
    prefix: str = ""
    """What stands before the signature."""
    is_list: bool = False
    """Whether the header bears several, with commas between them."""
    time: str = ""
    """The header of a time that is signed too: what is signed is then `TIME:BODY`, after `salt`."""
    salt: bytes = b""
    needs_time: bool = False
    """Whether the time may not be left out, so that nobody leaves it out to play an event again."""

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
        """Return whether a body is signed with the secret, and not too long ago."""
        text = headers.get(self.header, "")
        signatures = [each.strip() for each in (text.split(",") if self.is_list else [text])]
        given = [each.removeprefix(self.prefix) for each in signatures if each.startswith(self.prefix)]
        time = headers.get(self.time)
        if time is None:
            return _is_one(sign(secret, body), given) and not self.needs_time
        return _is_one(sign(secret, self.salt, time.encode(), b":", body), given) and _is_fresh(time, now)


def _is_fresh(time: str, now: float) -> bool:
    """Return whether a signed time in seconds is about now."""
    return re.fullmatch(r"[0-9]{1,12}", time) is not None and abs(now - int(time)) <= MAX_AGE


GRAFANA_TIME = "x-grafana-alerting-timestamp"
"""What to call the header of the time in Grafana's settings: it has no name of its own."""

_GRAFANA = Hmac("x-grafana-alerting-signature", time=GRAFANA_TIME)
_SLACK = Hmac("x-slack-signature", "v0=", time="x-slack-request-timestamp", salt=b"v0:", needs_time=True)

SCHEMES: Mapping[str, Scheme] = {
    "bearer": _bearer,
    # docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    "github": Hmac("x-hub-signature-256", "sha256=").verify,
    # docs.sentry.io/organization/integrations/integration-platform/webhooks
    "sentry": Hmac("sentry-hook-signature").verify,
    # developer.pagerduty.com/docs/verifying-webhook-signatures: one signature for each secret
    "pagerduty": Hmac("x-pagerduty-signature", "v1=", is_list=True).verify,
    # the webhook notifier in Grafana's documentation: the time is signed where its settings name a header
    "grafana": _GRAFANA.verify,
    "grafana-timed": replace(_GRAFANA, needs_time=True).verify,
    # docs.slack.dev/authentication/verifying-requests-from-slack
    "slack": _SLACK.verify,
}
"""The ways to sign, by name."""
