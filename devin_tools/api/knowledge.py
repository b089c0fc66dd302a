"""Knowledge: notes that Devin recalls when their trigger fits, in folders.

Facts: docs.devin.ai/v3-openapi.yaml. v1 of the API said `trigger_description` and `parent_folder_id`;
both are still accepted.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from ..locations import Wire
from ..paging import Abridged, Detailed, Items, Page, Paged
from ..tool import Example, Input, Output, Tool
from ..wire import DELETE, GET, POST, PUT
from .shared.fields import GivenText, Id, Name, Text, Untrusted, also_named, as_is, known
from .shared.merging import MergedOutput, UpdateWhole
from .shared.once import CreateOnce

NOTES = "/v3/organizations/{org_id}/knowledge/notes"
NOTE = NOTES + "/{note_id}"

# The pages of these operations ask for ManageAccountKnowledge; the overview of roles has these two,
# which are in the form that real refusals use.
VIEW, MANAGE = "ViewOrgKnowledge", "ManageOrgKnowledge"

Trigger = Annotated[GivenText, also_named("trigger", "trigger_description")]
FolderId = Annotated[Id | None, also_named("folder_id", "parent_folder_id")]


class KnowledgeNote(Abridged):
    """A knowledge note. Only the id is certain to be there."""

    note_id: str
    """The id."""

    name: Untrusted | None = None
    """The name."""

    body: Untrusted | None = None
    """What Devin is to know."""

    trigger: Untrusted | None = None
    """When Devin is to recall it."""

    is_enabled: bool | None = None
    """Whether Devin uses it."""

    pinned_repo: Untrusted | None = None
    """The repository it belongs to; null: it is for all."""

    folder_id: str | None = None
    """The folder it lies in; null: it lies in none."""

    folder_path: Untrusted | None = None
    """The path of that folder."""

    macro: Untrusted | None = None
    """The word that brings it into a prompt. It cannot be set here."""

    access_type: Annotated[str, known("enterprise", "org")] | None = None
    """Whose it is: the organisation's, or inherited from its enterprise, whose rights a change needs."""

    org_id: str | None = None
    """The organisation it belongs to; null for one of the enterprise."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""


class UpdatedKnowledgeNote(MergedOutput, KnowledgeNote):
    """A note after an update."""


class KnowledgeNotePage(Page[KnowledgeNote]):
    """One page of notes."""

    notes: Items[KnowledgeNote]
    """The notes of this page."""


class KnowledgeFolder(Output):
    """A folder of notes."""

    folder_id: str
    """The id."""

    name: Untrusted | None = None
    """The name."""

    path: Untrusted | None = None
    """The path, which the list of notes can be filtered by."""

    note_count: int | None = None
    """How many notes lie in it."""

    parent_folder_id: str | None = None
    """The folder it lies in; null: it lies in none."""


class KnowledgeFolders(Abridged):
    """The folders of an organisation."""

    items_field: ClassVar[str] = "folders"

    folders: list[KnowledgeFolder]
    """All folders."""

    root_note_count: int | None = None
    """How many notes lie in none of them."""


class _OnNote(Input):
    note_id: Annotated[Id, Example("note-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c")]
    """Which note, as `note-...`."""


class _Note(Input):
    name: GivenText
    """The name."""

    body: GivenText
    """What Devin is to know."""

    trigger: Trigger
    """When Devin is to recall it, in a sentence."""

    pinned_repo: Name | None = None
    """The repository it belongs to, as `owner/repo`."""

    folder_id: FolderId = None
    """The folder it lies in: an id that devin_list_knowledge_folders gives."""

    is_enabled: bool | None = None
    """Whether Devin uses it."""


class ListKnowledgeNotes(Paged[KnowledgeNotePage]):
    """List knowledge notes, one page per call.

    Notes inherited from the enterprise are among them (`access_type` says so). Filters combine: a
    note must pass each of them.
    """

    route = GET(NOTES, permission=VIEW)
    keywords = (
        "what does it know about us, memories, conventions, guidelines, tips, facts it was taught, search "
        "docs, what did we write down, wiki, what has it learned, what is it told to keep in mind"
    )
    examples = ({"limit": 20}, {"search": "deploy", "pinned_repo": "acme/shop"})

    search: Text | None = None
    """Notes that hold this text, in upper or lower case."""

    folder_path: Text | None = None
    """Notes in the folder of this path."""

    pinned_repo: Text | None = None
    """Notes that belong to this repository, as `owner/repo`."""


class GetKnowledgeNote(_OnNote, Detailed[KnowledgeNote]):
    """Read one knowledge note."""

    route = GET(NOTE, permission=VIEW)
    keywords = "show that memory, guideline, fact, full text of the tip, convention, open one entry, article"


class CreateKnowledgeNote(_Note, CreateOnce[KnowledgeNote]):
    """Create a knowledge note.

    Calling it twice makes two notes. When its answer is lost it is not repeated: the error asks you
    to look for the note first.
    """

    route = POST(NOTES, permission=MANAGE)
    keywords = (
        "remember this, teach it, save a convention, guideline, tip, rule, from now on always do it like "
        "this, add to its memory, write it down, learn, document how we deploy, it keeps doing it wrong, "
        "next time, prefer, never use, keep in mind, our style"
    )
    examples = (
        {
            "name": "How to deploy the shop",
            "body": "Run `make deploy` from main; never deploy on a Friday.",
            "trigger": "When deploying acme/shop",
            "pinned_repo": "acme/shop",
        },
    )


class UpdateKnowledgeNote(_Note, _OnNote, UpdateWhole[UpdatedKnowledgeNote]):
    """Change some fields of a knowledge note, keeping the others.

    The API takes a note only whole, so the note is read first and written back with the changes;
    `kept` in the output names the fields that were written as they were read. A change that somebody
    else makes between the two is lost.
    """

    route = PUT(NOTE, permission=MANAGE)
    keywords = (
        "correct what it remembers, edit the guideline, memory, fact, it learned something wrong, "
        "outdated, pin it to another repo, move to a folder, it still thinks, it believes, out of date, "
        "that changed, no longer true, fix what it knows"
    )
    reads = GetKnowledgeNote
    examples = (
        {
            "note_id": "note-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
            "body": "Run `make deploy` from main, on any day.",
            "clear": ["pinned_repo"],
        },
    )

    name: GivenText = as_is()
    """A new name."""

    body: GivenText = as_is()
    """A new text, in place of all of the old one."""

    trigger: Trigger = as_is()
    """When Devin is to recall it from now on."""

    clear: Annotated[list[Literal["pinned_repo", "folder_id"]], Wire(None)] = []
    """Fields to empty: `pinned_repo` to make it a note for all, `folder_id` to take it out of its folder."""


class DeleteKnowledgeNote(_OnNote, Tool[KnowledgeNote]):
    """Delete a knowledge note for good.

    The output is the note as it was.
    """

    route = DELETE(NOTE, permission=MANAGE)
    keywords = (
        "forget this, unlearn, remove a memory, guideline, fact, that tip is obsolete, erase, it should "
        "no longer know, throw away a rule, wrong advice"
    )


class ListKnowledgeFolders(Detailed[KnowledgeFolders]):
    """List the folders of knowledge notes, all at once."""

    route = GET("/v3/organizations/{org_id}/knowledge/folders", permission=VIEW)
    keywords = (
        "how are memories, guidelines organised, directory tree, structure, categories, which folder "
        "should a tip go into"
    )
    examples = ({},)
