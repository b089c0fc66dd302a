"""What the page may run: with consent where it is needed, and no secret of the server's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, SecretStr

from ...client.call_limits import refused
from ...errors import InvalidArguments
from ...security.references import is_reference
from ...spec import Spec
from ...tool import Tool


def require_consent(spec: Spec, cost: str | None, *, is_given: bool) -> None:
    """Raise `Refused` for a call that a person is asked about, at this cost, and that nobody consented to.

    This holds without the setting `confirm` too: a page that shows a button for everything must ask.
    """
    if is_given or not spec.effect.needs_consent:
        return
    message = f"{spec.name} {spec.effect.risk}, and nobody confirmed it."
    raise refused("confirm", f"{message} {cost}" if cost else message)


def refuse_references(spec: Spec, call: Tool[Any]) -> None:
    """Raise `InvalidArguments` for a secret that is a reference.

    A reference is read on the machine that sends the call, which is the server: whoever may call it could
    have its Devin key, or a file of its own, sent to a session.
    """
    places = [place for place, secret in _secrets(call, "") if is_reference(secret.get_secret_value())]
    if places:
        reason = "a reference is not read here: write the value itself"
        details = [{"path": place, "reason": reason} for place in places]
        raise InvalidArguments(f"The arguments do not fit {spec.name}: {reason}.", details=details)


def _secrets(value: Any, place: str) -> Iterator[tuple[str, SecretStr]]:
    if isinstance(value, SecretStr):
        yield place, value
        return
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, BaseModel):
        parts = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list | tuple):
        parts = enumerate(value)
    for name, part in parts:
        yield from _secrets(part, f"{place}.{name}".lstrip("."))
