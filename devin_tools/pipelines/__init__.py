"""Pipelines: an event in, the call that starts a session out. Pure: nothing here sends anything.

headers, body -> events.read_event -> alerts -> rules.plan -> the call, and why it is that one
"""

from __future__ import annotations

__all__: list[str] = []
