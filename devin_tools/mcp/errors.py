"""Errors that nobody raised on purpose, made safe to show."""

from __future__ import annotations

import logging

from ..errors import DevinToolsError

log = logging.getLogger("devin_tools")


def named(error: Exception, where: str) -> DevinToolsError:
    """Return an error that may be shown: one of this package as it is, another by its kind alone.

    Its own text could repeat a value; it goes to the log, for those who ask for that much.
    """
    if isinstance(error, DevinToolsError):
        return error
    log.error("%s: unexpected %s", where, type(error).__name__)
    log.debug("%s", where, exc_info=error)
    return DevinToolsError(f"Unexpected {type(error).__name__}.", hint="This is a fault of the server.")
