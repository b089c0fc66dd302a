"""A file: a line of JSON for each outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ...hookspecs import Sink
from ..delivery import SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification


class Settings(FrozenModel):
    """Where it is."""

    path: Annotated[str, Field(min_length=1, max_length=4_096)]
    """The file, made if it is not there."""


async def _send(notification: Notification, settings: Settings, transport: SinkTransport) -> None:
    await transport.append(Path(settings.path), notification.model_dump_json())


SINK = Sink("file", "A line of JSON in a file.", Settings, _send)
