"""Which outputs a task does not have: Airflow keeps each as the task's XCom, for many to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devin_tools import Spec

__all__ = ["why_not_kept"]


def why_not_kept(spec: Spec) -> str:
    """Return why a tool is not run as a task; an empty text for one that is."""
    if not spec.effect.reveals_secret:
        return ""
    return f"{spec.name} shows a secret once, and the XCom of the task would keep it. Use a client."
