"""How the simulated API says no: RFC 9457 problem objects, as the newest schema describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from .response import Answer


class Refusal(Exception):
    """An answer with an error status. Handlers raise it."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Sequence[dict[str, Any]] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def response(self, path: str) -> Answer:
        """Return the problem object for a request path."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": path,
            "errors": self.errors,
        }
        return Answer(self.status, json.dumps(body).encode(), self.headers)


def unreadable_body(reason: str, kind: str) -> Refusal:
    """Return a refusal with 422 of a body that is not what it should be."""
    return Refusal(422, "The body is not valid", [{"loc": ["body"], "msg": reason, "type": kind}])


def too_many(retry_after: str | None) -> Refusal:
    """Return a refusal with 429, and with a Retry-After header unless that is `None`."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Refusal(429, "Too many requests; slow down", headers=headers)
