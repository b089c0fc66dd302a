"""The body of a response: how long it may take, and the secrets that are masked in it."""

from __future__ import annotations

import json
import time

SHORTEST_SECRET = 4
"""A shorter secret would be found in any text."""


class ResponseBody:
    """Collects the body of a response, within a time limit for all of it: single reads see no trickle."""

    def __init__(self, longest: float):
        self._longest, self._started = longest, time.perf_counter()
        self._parts: list[bytes] = []
        self._secrets: list[str] = []
        self.size = 0
        """How many bytes it has."""

    def add(self, part: bytes) -> None:
        """Take a part; raise what a read that takes too long raises."""
        import httpx

        self._parts.append(part)
        self.size += len(part)
        if self.seconds() > self._longest:
            raise httpx.ReadTimeout("the answer does not come to an end")

    def seconds(self) -> float:
        """Return how long it has taken."""
        return time.perf_counter() - self._started

    def body(self) -> bytes:
        """Return the whole body."""
        return b"".join(self._parts)

    def hide(self, secret: str) -> str:
        """Return a secret that is sent, and remember it: the answer may repeat it."""
        self._secrets.append(secret)
        return secret

    def without_secrets(self) -> bytes:
        """Return the body with no secret in it, neither as it is nor as JSON writes it; the longest first."""
        body = self.body()
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST_SECRET:
                for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
                    body = body.replace(form.encode(errors="surrogatepass"), b"(a secret)")
        return body
