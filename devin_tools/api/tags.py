"""The tags of a session. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated

from ..tool import DOCUMENTED, WRITE, Input, Output, Tool
from ..wire import GET, POST, PUT
from .session import SESSION, OnSession
from .shared.fields import Tags, Untrusted

TAGS = SESSION + "/tags"


class TagList(Output):
    """The tags of a session."""

    tags: list[Untrusted]
    """The tags the session has now."""


class _WithTags(Input):
    tags: Annotated[Tags, DOCUMENTED]
    """Up to 50 tags; comma-separated text is accepted too."""


class GetSessionTags(OnSession, Tool[TagList]):
    """Read the tags of a session."""

    route = GET(TAGS, permission="ViewOrgSessions")
    keywords = (
        "which labels does it have, is it marked, categorised as, see its labels, what is it filed under, "
        "its cost centre"
    )


class AppendSessionTags(OnSession, _WithTags, Tool[TagList]):
    """Add tags to a session, keeping those it has.

    A tag it already has is not added twice. A session holds at most 50.
    """

    route = POST(TAGS, permission="ManageOrgSessions")
    effect = WRITE.idempotent().reversible()
    keywords = (
        "label it, mark it, categorise, categorize, flag, attach a label, put a ticket number on, assign "
        "it to a project for reports, mark as urgent, sort, group, bill it to a project"
    )
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "tags": ["reviewed", "q4"]},)


class ReplaceSessionTags(OnSession, _WithTags, Tool[TagList]):
    """Replace all tags of a session; an empty list removes them all.

    Tags that are not in the list are lost.
    """

    route = PUT(TAGS, permission="ManageOrgSessions")
    keywords = (
        "relabel, wrong labels, strip, clear the labels, swap, overwrite, set exactly these, remove, "
        "untag, drop one label, take a label off"
    )
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "tags": ["done"]},)
