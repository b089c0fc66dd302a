"""The sessions of every organisation: what an organisation's paths do to its own, these do to all."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import sessions
from ...world import World
from .. import attachments as of_files
from .. import insights as of_insights
from .. import messages as of_messages
from .. import sessions as of_sessions
from .. import tags as of_tags


def list_sessions(world: World, call: sessions.ListEnterpriseSessions) -> dict[str, Any]:
    """List the sessions that pass every filter."""
    return of_sessions.list_sessions(world, call)


def list_insights(world: World, call: sessions.ListEnterpriseInsights) -> dict[str, Any]:
    """List sessions with their insights."""
    return of_insights.list_session_insights(world, call)


def get_session(world: World, call: sessions.GetEnterpriseSession) -> dict[str, Any]:
    """Return a session with all its fields."""
    return of_sessions.get_session(world, call)


def list_messages(world: World, call: sessions.ListEnterpriseMessages) -> dict[str, Any]:
    """List messages, oldest first."""
    return of_messages.list_session_messages(world, call)


def send_message(world: World, call: sessions.SendEnterpriseMessage) -> dict[str, Any]:
    """Add a message and let it have its effect; ended sessions refuse."""
    return of_messages.send_message(world, call)


def list_attachments(world: World, call: sessions.ListEnterpriseAttachments) -> list[Any]:
    """List files as a bare array."""
    return of_files.list_session_attachments(world, call)


def get_insights(world: World, call: sessions.GetEnterpriseInsights) -> dict[str, Any]:
    """Return a session with its insights."""
    return of_insights.get_session_insights(world, call)


def generate_insights(world: World, call: sessions.GenerateEnterpriseInsights) -> dict[str, Any]:
    """Begin an analysis; there is one at most."""
    return of_insights.generate_session_insights(world, call)


def get_tags(world: World, call: sessions.GetEnterpriseSessionTags) -> dict[str, Any]:
    """Return the tags."""
    return of_tags.get_session_tags(world, call)


def append_tags(world: World, call: sessions.AppendEnterpriseSessionTags) -> dict[str, Any]:
    """Add tags, each once."""
    return of_tags.append_session_tags(world, call)


def replace_tags(world: World, call: sessions.ReplaceEnterpriseSessionTags) -> dict[str, Any]:
    """Replace all tags."""
    return of_tags.replace_session_tags(world, call)
