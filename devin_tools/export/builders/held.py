"""Fields that must hold something once they are named: left out, more would be spent, granted or repeated."""

from __future__ import annotations

from ...spec import Spec
from .fields import fields_of

NARROWING = frozenset({"knowledge_ids", "secret_ids"})
"""Fields that narrow what a session may use: left out, it may use all."""

COUNTS = frozenset({"max_parallel", "max_sessions"})
"""Fields that bound how many sessions there are."""


def held_fields(spec: Spec) -> frozenset[str]:
    """Name the fields of a tool whose reference to nothing stops a call: nobody meant to lift the limit.

    A form that was told to take the most ACUs from a variable which is not set must not start a session
    without a limit. The same holds for secrets, for an idempotency key, without which a repeat is paid
    again, and for what a session may use.
    """
    spends = spec.effect.spending
    bounds = {spends.limit, spends.total, spends.key, spends.stops} if spends else set()
    secrets = {field.name for field in fields_of(spec) if field.is_secret}
    named = {*bounds, *secrets, *NARROWING, *COUNTS, "idempotency_key"}
    return frozenset(name for name in spec.input_schema["properties"] if name in named)
