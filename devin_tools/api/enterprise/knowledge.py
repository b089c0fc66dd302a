"""Knowledge notes of an enterprise, which each of its organisations has. Facts: docs.devin.ai, and the
vendor's Terraform provider.
"""

from __future__ import annotations

from typing import Annotated, Literal

from ...tool import DOCUMENTED
from ...wire import DELETE, GET, POST, PUT
from ..knowledge import (
    CreateKnowledgeNote,
    DeleteKnowledgeNote,
    GetKnowledgeNote,
    ListKnowledgeFolders,
    ListKnowledgeNotes,
    UpdateKnowledgeNote,
)

NOTES = "/v3/enterprise/knowledge/notes"
NOTE = NOTES + "/{note_id}"
MANAGE = "ManageAccountKnowledge"


class ListEnterpriseNotes(ListKnowledgeNotes):
    """List knowledge notes of the enterprise and its organisations.

    One page per call. Filters combine: a note must pass each of them.
    """

    route = GET(NOTES, permission=MANAGE)
    keywords = (
        "company-wide memories, guidelines, facts every team was taught, wiki, rules that hold across all "
        "teams, what has everybody's agent learned, conventions, tips of all teams"
    )
    examples = ({"limit": 20, "access_type": "enterprise"}, {"search": "deploy"})

    access_type: Annotated[Literal["org", "enterprise"], DOCUMENTED] | None = None
    """Only notes of the enterprise (`enterprise`), or only those of its organisations (`org`)."""


class GetEnterpriseNote(GetKnowledgeNote):
    """Read one knowledge note of the enterprise, or of any of its organisations."""

    route = GET(NOTE, permission=MANAGE)
    keywords = (
        "show a company-wide memory, guideline, open one fact of any team, full text of a company rule, "
        "convention"
    )


class CreateEnterpriseNote(CreateKnowledgeNote):
    """Create a knowledge note that every organisation of the enterprise has.

    Sessions of all organisations are given it when its trigger fits. Calling it twice makes two notes. When
    its answer is lost it is not repeated: the error asks you to look for the note first.
    """

    route = POST(NOTES, permission=MANAGE)
    keywords = (
        "teach all teams, company-wide, convention, guideline for everybody, global memory, remember "
        "everywhere, everyone's agent should know, house style, security policy, remember this"
    )
    examples = (
        {
            "name": "Licences we may use",
            "body": "MIT, BSD and Apache-2.0; ask before you add any other.",
            "trigger": "When adding a dependency",
        },
    )


class UpdateEnterpriseNote(UpdateKnowledgeNote):
    """Change some fields of a note of the enterprise or an organisation.

    The others are kept. The API takes a note only whole, so the note is read first and written back with the
    changes; `kept` in the output names the fields that were written as they were read. A change that somebody
    else makes between the two is lost.
    """

    route = PUT(NOTE, permission=MANAGE)
    keywords = (
        "correct a company-wide memory, guideline, edit a fact every team shares, company rule is out of "
        "date, change a convention everywhere"
    )
    reads = GetEnterpriseNote
    examples = (
        {
            "note_id": "note-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
            "body": "MIT, BSD, Apache-2.0 and MPL-2.0.",
            "clear": ["folder_id"],
        },
    )


class DeleteEnterpriseNote(DeleteKnowledgeNote):
    """Delete a knowledge note of the enterprise or an organisation for good.

    One of the enterprise is gone in every organisation. The output is the note as it was.
    """

    route = DELETE(NOTE, permission=MANAGE)
    keywords = (
        "forget something company-wide, erase a guideline from all teams, company rule no longer holds, "
        "unlearn everywhere, remove a memory"
    )


class ListEnterpriseFolders(ListKnowledgeFolders):
    """List the folders of knowledge notes of the enterprise, all at once."""

    route = GET("/v3/enterprise/knowledge/folders", permission=MANAGE)
    keywords = (
        "company-wide directory of memories, structure, categories every team shares, how are company "
        "notes sorted"
    )
