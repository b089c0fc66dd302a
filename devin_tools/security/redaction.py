"""Keep secrets out of what is logged."""

from __future__ import annotations

import logging

from .keys import LOGGED


def redacted(text: str) -> str:
    """Replace everything that looks like a key or a bearer token."""
    return LOGGED.sub("(redacted)", text)


class Redactor(logging.Filter):
    """Rewrites log records so that no key passes. Add it to any handler or logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact one record; let every record pass."""
        try:
            text = record.getMessage()
        except Exception:  # as it stands, the logging module would print the arguments with its complaint
            record.msg, record.args = "(a log record that cannot be formatted)", None
            return True
        if (safe := redacted(text)) != text:
            record.msg, record.args = safe, None
        if record.exc_info:
            record.exc_text = redacted(logging.Formatter().formatException(record.exc_info))
        return True
