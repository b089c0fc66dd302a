"""What calls with an idempotency key made a moment ago.

The second of two calls with one key looks for what the first one made. Nothing says how long it takes until a
list of the API shows a new session, so a client also remembers it: otherwise the second would be paid too.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from functools import cached_property
from threading import Lock
from typing import Any

from ..api.shared.fields import bare_id
from ..api.shared.once import tag_of_key
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
        """Remember the output of a call that has an idempotency key and is a request of its own.

        What loses the tag of its key is forgotten, as it would be found no more.
        """
        from ..api.tags import ReplaceSessionTags  # here, as few starts replace tags

        key = vars(call).get("idempotency_key") if call.route is not None else None
        if key is not None and isinstance(outcome, Output):
            with self._lock:
                self._outputs[settings.require_key(), settings.org_id, key] = outcome
        elif isinstance(call, ReplaceSessionTags):
            self._forget_without_tag(bare_id(call.session_id), call.tags)

    def _forget_without_tag(self, session_id: str, tags: Collection[str]) -> None:
        with self._lock:
            for name, output in list(self._outputs.items()):
                is_this = bare_id(str(getattr(output, "session_id", ""))) == session_id
                if is_this and tag_of_key(name[2]) not in tags:
                    del self._outputs[name]

    def recall(self, settings: Settings, key: str) -> Output | None:
        """Return what a call with this key of the same account returned lately."""
        with self._lock:
            return self._outputs.get((settings.require_key(), settings.org_id, key))
