"""Make alerts of what was read, so that what does not fit is told like anything else that is wrong."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from ...codec import reasons
from ...errors import UnreadableEvent
from ..alert import Alert
from ..payload import wrong


def build_alert(form: str, **fields: Any) -> Alert:
    """Make an alert; raise `UnreadableEvent` when a value does not fit it."""
    try:
        return Alert(**fields)
    except ValidationError as error:
        refused = _refused(form, error)
    raise refused  # out here, so that it keeps no hold of the rejected values


def _refused(form: str, error: ValidationError) -> UnreadableEvent:
    first = reasons(error)[0]
    reason = first["reason"][:1].lower() + first["reason"][1:]
    return wrong(form, first["path"], f"does not fit: {reason}")
