"""Which failures another try of the task can mend."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from devin_tools.errors import DevinToolsError, NetworkError, RateLimited, ServerFault

from .airflow_names import AirflowException, AirflowFailException

if TYPE_CHECKING:
    from devin_tools import Spec

__all__ = ["PASSING", "check", "failure"]

PASSING = (NetworkError, RateLimited, ServerFault)
"""Faults that can pass by themselves."""

HOPELESS = frozenset({"failed", "ended"})
"""Outcomes that another look will not change."""


def failure(error: DevinToolsError, spec: Spec) -> AirflowException:
    """Return an error in Airflow's words.

    Where another try could pay twice, or would be of no use, the task ends for good.
    """
    text = " ".join(part for part in (error.message, error.hint) if part)
    has_key = "idempotency_key" in spec.input_schema["properties"]
    can_pass = isinstance(error, PASSING) and (spec.effect.is_idempotent or has_key or spec.name == SEND)
    return (AirflowException if can_pass else AirflowFailException)(f"{spec.name}: {text}")


SEND = "devin_send_message"
"""Looks for its own message before it sends again."""


def check(outcome: str, advice: str, accepted: Collection[str] | None, who: Any) -> None:
    """Raise when a session did not end as it was meant to; `None` accepts every end."""
    if accepted is None or outcome in accepted:
        return
    kind = AirflowFailException if outcome in HOPELESS else AirflowException
    how = "is still at work, and time is up" if outcome == "still_running" else f"ended as {outcome}"
    raise kind(f"{who} {how}; the task wants {' or '.join(sorted(accepted))}. {advice}".strip())
