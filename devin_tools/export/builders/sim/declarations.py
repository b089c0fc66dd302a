"""Parameters and outputs of the eleven tools of Sim's own Devin integration, where ours have more.

Learned by running it: tests/data/sim_cases. A name with `?` after it is one that Sim calls optional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....spec import Spec

SESSION = (
    "session_id url status status_detail? title? created_at? updated_at? acus_consumed? tags pull_requests "
    "structured_output? playbook_id? is_archived?"
)
LISTED = (
    "session_id url status status_detail? title? created_at? updated_at? tags acus_consumed? pull_requests "
    "playbook_id? is_archived?"
)
MESSAGE = "event_id source message created_at?"
ATTACHMENT = "attachment_id name url source content_type?"
PAGE = "end_cursor? has_next_page total?"

RAW = frozenset({"pull_requests"})
"""Outputs that Sim passes on as the API sends them, in snake_case."""


@dataclass(frozen=True, slots=True)
class SimDeclaration:
    """How Sim declares one tool; what is empty follows from the spec."""

    params: str = ""
    """The fields it offers, in its order; the dialect takes the others too."""

    output: str = ""
    """The fields of its output, in its order."""

    items: str = ""
    """The fields of an item, where the output is a list."""

    unsent: Mapping[str, Any] = field(default_factory=dict)
    """Values that it does not send: to leave the field out means the same."""

    block: Mapping[str, str] = field(default_factory=dict)
    """Fields that its block asks for under another name."""


UNDECLARED = SimDeclaration()

SIM_TOOLS: Mapping[str, SimDeclaration] = {
    "devin_create_session": SimDeclaration("prompt playbook_id max_acu_limit tags", SESSION),
    "devin_get_session": SimDeclaration("session_id", SESSION),
    "devin_list_sessions": SimDeclaration("limit after", f"sessions {PAGE}", LISTED),
    "devin_send_message": SimDeclaration("session_id message", SESSION),
    "devin_list_session_messages": SimDeclaration("session_id limit after", f"messages {PAGE}", MESSAGE),
    "devin_list_session_attachments": SimDeclaration("session_id", "attachments", ATTACHMENT),
    "devin_get_session_tags": SimDeclaration("session_id", "tags"),
    "devin_append_session_tags": SimDeclaration("session_id tags", "tags"),
    "devin_replace_session_tags": SimDeclaration("session_id tags", "tags"),
    "devin_archive_session": SimDeclaration("session_id", SESSION),
    "devin_terminate_session": SimDeclaration(
        "session_id archive",
        SESSION,
        unsent={"archive": False},
        block={"archive": "terminateArchive"},
    ),
}
"""Sim's tools, in the order of its block."""


def declaration_of(spec: Spec) -> SimDeclaration:
    """Return how Sim declares a tool."""
    return SIM_TOOLS.get(spec.name, UNDECLARED)


def in_order(specs: Iterable[Spec]) -> list[Spec]:
    """Put Sim's own tools first, in its order, and keep the order of the others."""
    places = {name: place for place, name in enumerate(SIM_TOOLS)}
    return sorted(specs, key=lambda spec: places.get(spec.name, len(places)))
