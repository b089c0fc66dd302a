"""Amazon SNS: the envelope that it puts around messages, its signatures, and the confirming of subscriptions.

Anybody with an account there can have SNS sign a message, so a signature alone says little: a message is
taken when its topic is one that was named, and the signature fits it.
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from cachetools import FIFOCache

from ..client.clock import Clock
from ..errors import BadSignature, SinkFailed, UsageError, needs_extra
from ..text.encoding import load_json
from .alert import in_utc
from .delivery import SinkTransport
from .payload import has

HEADER = "x-amz-sns-message-type"
"""The header that every message of SNS bears."""

NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
TYPES = (NOTIFICATION, CONFIRMATION, "UnsubscribeConfirmation")

SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
"""The fields that are signed, in this order; an end of a subscription has those of its begin."""

TOPIC = re.compile(
    r"arn:(?P<cloud>aws|aws-cn|aws-us-gov):sns:(?P<region>[a-z0-9-]{4,32}):\d{12}:[\w.-]{1,256}"
)
CERTIFICATE = re.compile(r"/[A-Za-z0-9-]{1,100}\.pem")

MAX_AGE = 7_200.0
"""Seconds: SNS tries to deliver for an hour at most."""

MAX_ANSWER = 65_536
"""The most bytes of a certificate, or of the answer to a confirmation."""

REMEMBERED = 16
"""How many certificates are kept: a region has one at a time, for about a year."""


def is_message(body: Any) -> bool:
    """Return whether a body is a message of SNS."""
    return has(body, "Type", "TopicArn", "Message") and body["Type"] in TYPES


def signed_part(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a message is signed: whoever has seen one could send it on with more in it."""
    names = {*SIGNED[NOTIFICATION], *SIGNED[CONFIRMATION]}
    return {name: value for name, value in message.items() if name in names}


def message_in(body: Any) -> Any:
    """Return the JSON object that a notification of SNS holds; `None` for text, and for all else."""
    if not is_message(body) or body["Type"] != NOTIFICATION or not isinstance(body["Message"], str):
        return None
    try:
        inner, _ = load_json(body["Message"].encode(errors="surrogatepass"), is_strict=True)
    except ValueError:
        return None
    return inner if isinstance(inner, dict) else None


def check_topics(topics: Sequence[str]) -> None:
    """Raise `UsageError` for a topic that is not one, or when signatures could not be checked."""
    for topic in topics:
        if TOPIC.fullmatch(topic) is None:
            raise UsageError(
                "A topic of SNS is not named as one.",
                hint="A topic is named by its ARN, such as arn:aws:sns:eu-west-1:000000000000:alarms.",
            )
    if topics:
        _cryptography()


def _cryptography() -> Any:
    try:
        import cryptography.x509
    except ImportError:
        raise UsageError("What checks the signatures of SNS is missing.", hint=needs_extra("sns")) from None
    return cryptography.x509


class TopicVerifier:
    """Checks that messages come from the topics of SNS that are named, and confirms their subscriptions."""

    def __init__(self, topics: Sequence[str], transport: SinkTransport, clock: Clock):
        self._topics = frozenset(topics)
        self._transport = transport
        self._clock = clock
        self._certificates: FIFOCache[str, bytes] = FIFOCache(REMEMBERED)

    async def verify(self, message: Mapping[str, Any]) -> None:
        """Raise `BadSignature` unless SNS signed a message, not long ago, for one of the topics."""
        host = self._host(message)
        url = _certificate_url(_text(message, "SigningCertURL"), host)
        self._check_age(message)
        version, text = _text(message, "SignatureVersion"), signed_text(message)
        try:
            signature = base64.b64decode(_text(message, "Signature"), validate=True)
        except binascii.Error:
            raise BadSignature("The message of SNS is not signed.") from None
        certificate = self._certificates.get(url)
        if certificate is None:
            try:
                certificate = await self._transport.fetch(url, MAX_ANSWER)
            except SinkFailed:
                raise BadSignature(f"The certificate of SNS at {host} cannot be read.") from None
        check_signature(certificate, signature, text, version, self._clock.now())
        self._certificates[url] = certificate

    async def confirm(self, message: Mapping[str, Any]) -> None:
        """Confirm a subscription whose message was verified; raise `SinkFailed` when SNS does not take it.

        The address is made of the topic, so that nothing leads elsewhere.
        """
        topic, token = _text(message, "TopicArn"), _text(message, "Token")
        query = urlencode({"Action": "ConfirmSubscription", "TopicArn": topic, "Token": token})
        await self._transport.fetch(f"https://{self._host(message)}/?{query}", MAX_ANSWER)

    def _host(self, message: Mapping[str, Any]) -> str:
        """Return the host of a message's topic, where that is one of those that are named."""
        topic = _text(message, "TopicArn")
        match = TOPIC.fullmatch(topic)
        if match is None or topic not in self._topics:
            raise BadSignature(
                "The topic of the message is none of those that DEVIN_HOOK_SNS_TOPICS names.",
            )
        return f"sns.{match['region']}.amazonaws.com" + (".cn" if match["cloud"] == "aws-cn" else "")

    def _check_age(self, message: Mapping[str, Any]) -> None:
        try:
            at = in_utc(datetime.fromisoformat(_text(message, "Timestamp")))
        except ValueError:
            raise BadSignature("The time of the message of SNS cannot be read.") from None
        if abs(self._clock.now() - at.timestamp()) > MAX_AGE:
            raise BadSignature("The message of SNS was signed too long ago.")


def signed_text(message: Mapping[str, Any]) -> bytes:
    """Return what SNS signs of a message: names and values, each on a line of its own."""
    names = SIGNED.get(_text(message, "Type"), SIGNED[CONFIRMATION])
    pairs = [(name, _text(message, name)) for name in names if message.get(name) is not None]
    return "".join(f"{name}\n{text}\n" for name, text in pairs).encode(errors="replace")


def check_signature(certificate: bytes, signature: bytes, text: bytes, version: str, now: float) -> None:
    """Raise `BadSignature` unless a certificate of SNS, valid now, signed a text."""
    x509 = _cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    digests = {"1": hashes.SHA1, "2": hashes.SHA256}
    try:
        found = x509.load_pem_x509_certificate(certificate)
    except ValueError:
        raise BadSignature("The certificate of SNS cannot be read.") from None
    at, key = datetime.fromtimestamp(now, UTC), found.public_key()
    is_valid = found.not_valid_before_utc <= at <= found.not_valid_after_utc
    if version not in digests or not is_valid or not isinstance(key, RSAPublicKey):
        raise BadSignature("The message of SNS is signed in a way that is not accepted.")
    try:
        key.verify(signature, text, PKCS1v15(), digests[version]())
    except InvalidSignature:
        raise BadSignature("The message is not signed by SNS.") from None


def _certificate_url(url: str, host: str) -> str:
    """Return the address of a certificate, which must be of the host of the topic."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if (
        (parts.scheme, parts.netloc) != ("https", host)
        or not CERTIFICATE.fullmatch(parts.path)
        or parts.query
    ):
        raise BadSignature("The message of SNS names a certificate that is not of SNS.")
    return f"https://{host}{parts.path}"


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or len(value) > 1_000_000:
        raise BadSignature(f"The message of SNS has no {name}.")
    return value
