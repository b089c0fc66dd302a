"""The files of a session. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, Field, model_validator

from ..paging import Page
from ..tool import Output, Tool
from ..wire import GET
from .fields import Untrusted, known
from .sessions import SESSION, OnSession

__all__ = ["Attachment", "AttachmentPage", "ListSessionAttachments"]


class Attachment(Output):
    """A file that was given to a session or made by it."""

    attachment_id: str
    """The id of the file."""

    name: Untrusted
    """The file's name."""

    url: str
    """Where the file is; reading it needs the API key."""

    source: Annotated[str, known("devin", "user")] | None = None
    """Who brought it."""

    content_type: str | None = None
    """Its media type."""


class _Attachments(Output):
    attachments: Annotated[list[Attachment], Field(validation_alias=AliasChoices("items", "attachments"))]
    """The files."""


class AttachmentPage(Page, _Attachments):
    """The files of a session. The API answers all of them at once, so there is one page."""

    items_field = "attachments"
    item_id = "attachment_id"

    @model_validator(mode="before")
    @classmethod
    def _accept_a_bare_list(cls, value: Any) -> Any:
        # The schema says a bare array; a page of the vendor's docs shows {"items": [...]}.
        return {"items": value} if isinstance(value, list) else value


class ListSessionAttachments(OnSession, Tool[AttachmentPage]):
    """List the files given to a session or made by it."""

    route = GET(SESSION + "/attachments")
    permission = "ViewOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)
