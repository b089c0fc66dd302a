"""What calls with an idempotency key made a moment ago.

The second of two calls with one key looks for what the first one made. Nothing says how long it takes until a
list of the API shows a new session, so a client also remembers it: otherwise the second would be paid too.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cached_property
from threading import Lock
from typing import Any

from ..settings import Settings
from ..tool import Output
from .clock import Clock

LATELY = 60.0
"""Seconds for which it is remembered; the API documents no delay until a write can be seen."""

MOST = 1_000


class RecentOutputs:
    """Outputs by API key, organisation and idempotency key; clients of other accounts share it."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = Lock()

    @cached_property
    def _outputs(self) -> MutableMapping[tuple[str, str | None, str], Output]:
        from cachetools import TTLCache  # here, as few calls have a key

        return TTLCache(MOST, LATELY, self._clock.monotonic)

    def note(self, settings: Settings, call: Any, outcome: object) -> None:
        """Remember the output of a call that has an idempotency key and is a request of its own."""
        key = vars(call).get("idempotency_key") if call.route is not None else None
        if key is not None and isinstance(outcome, Output):
            with self._lock:
                self._outputs[settings.require_key(), settings.org_id, key] = outcome

    def recall(self, settings: Settings, key: str) -> Output | None:
        """Return what a call with this key of the same account returned lately."""
        with self._lock:
            return self._outputs.get((settings.require_key(), settings.org_id, key))
