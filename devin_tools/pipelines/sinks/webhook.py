"""A webhook: a notification as JSON, signed, so that the receiver knows who sent it and when."""

from __future__ import annotations

import time

from ...hookspecs import Sink
from ..delivery import Reference, SinkTransport, WebUrl
from ..frozen_model import FrozenModel
from ..notification import Notification
from ..signatures import sign

SIGNATURE, TIME = "x-devin-tools-signature", "x-devin-tools-timestamp"
"""The headers: `sha256=` and the HMAC of `TIMESTAMP.BODY`, and the seconds since 1970."""


class Settings(FrozenModel):
    """Where it is, and what to sign with."""

    url: WebUrl
    """Where to post to, or a reference to it."""

    secret: Reference | None = None
    """What to sign with."""


async def _send(notification: Notification, settings: Settings, transport: SinkTransport) -> None:
    body = notification.model_dump_json().encode()
    headers: dict[str, str] = {}
    if settings.secret is not None:
        now = str(int(time.time()))
        signature = sign(transport.secret(settings.secret), now.encode(), b".", body)
        headers = {SIGNATURE: f"sha256={signature}", TIME: now}
    await transport.post(transport.secret(settings.url), body, headers)


SINK = Sink("webhook", "A signed POST of JSON.", Settings, _send)
