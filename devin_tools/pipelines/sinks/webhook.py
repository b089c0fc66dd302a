"""A webhook: the news as JSON, signed, so that the receiver can tell who sent it and when."""

from __future__ import annotations

import time
from typing import Annotated

from pydantic import Field, field_validator

from ...hookspecs import Sink
from ...security.references import is_reference
from ..delivery import SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification
from ..signatures import sign

SIGNATURE, TIME = "x-devin-tools-signature", "x-devin-tools-timestamp"
"""The headers: `sha256=` and the HMAC of `TIMESTAMP.BODY`, and the seconds since 1970."""

WebUrl = Annotated[str, Field(pattern=r"^(https?://\S{1,2000}|env:\w+|file:.+)$")]
"""An http(s) URL, or where to find it: `env:NAME`, `file:PATH`. Some are secrets themselves."""


class Settings(FrozenModel):
    """Where it is, and what to sign with."""

    url: WebUrl
    """Where to post to, or a reference to it."""

    secret: str | None = None
    """What to sign with: a reference, `env:NAME` or `file:PATH`."""

    @field_validator("secret")
    @classmethod
    def _is_reference(cls, given: str | None) -> str | None:
        if given is not None and not is_reference(given):
            raise ValueError("must be a reference, env:NAME or file:PATH")
        return given


async def _tell(news: Notification, settings: Settings, outlet: SinkTransport) -> None:
    body = news.model_dump_json().encode()
    headers: dict[str, str] = {}
    if settings.secret is not None:
        now = str(int(time.time()))
        signature = sign(outlet.secret(settings.secret), now.encode(), b".", body)
        headers = {SIGNATURE: f"sha256={signature}", TIME: now}
    await outlet.post(outlet.secret(settings.url), body, headers)


SINK = Sink("webhook", "A signed POST of JSON.", Settings, _tell)
