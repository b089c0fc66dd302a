"""Shorter names for tools whose own does not fit after a client's prefix."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import UsageError
from ..export.providers.names import shortened
from ..spec import MAX_NAME
from .shown import looks_secret


def offers(names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """Return an alias for every name that is too long after a prefix.

    There is none where no room is left, and none for a name made like a key: it would be half of one.
    """
    try:
        chosen = shortened(list(names), MAX_NAME - len(prefix))
    except UsageError:
        return {}
    return {name: alias for name, alias in chosen.items() if alias != name and not looks_secret(name)}
