"""Playbooks: instructions that sessions follow.

Facts: docs.devin.ai/v3-openapi.yaml. The vendor's page of common flows says `name` and `instructions`
where the API has `title` and `body`; both are accepted.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from ..locations import Wire
from ..paging import Abridged, Detailed, Items, Page, Paged
from ..tool import DOCUMENTED, Example, Input, Tool
from ..wire import DELETE, GET, POST, PUT
from .shared.fields import UNTRUSTED, GivenText, Id, OutputSchema, Untrusted, also_named, as_is, known
from .shared.merging import MergedOutput, UpdateWhole
from .shared.once import CreateOnce

PLAYBOOKS = "/v3/organizations/{org_id}/playbooks"
PLAYBOOK = PLAYBOOKS + "/{playbook_id}"

# The pages of these operations ask for ManageAccountPlaybooks; real refusals name org.playbooks.manage.
MANAGE = "ManageOrgPlaybooks"

Title = Annotated[GivenText, also_named("title", "name")]
Body = Annotated[GivenText, also_named("body", "instructions")]
Macro = Annotated[str, StringConstraints(pattern=r"^![A-Za-z0-9_-]+$"), DOCUMENTED]


class Playbook(Abridged):
    """A playbook. Only the id is certain to be there."""

    playbook_id: str
    """The id."""

    title: Untrusted | None = None
    """The title."""

    body: Untrusted | None = None
    """The instructions."""

    macro: Untrusted | None = None
    """The word that brings it into a prompt."""

    structured_output_schema: Annotated[dict[str, Any], UNTRUSTED] | None = None
    """The JSON Schema that the structured output of its sessions must follow."""

    access_type: Annotated[str, known("enterprise", "org")] | None = None
    """Whose it is: the organisation's, or inherited from its enterprise, whose rights a change needs."""

    org_id: str | None = None
    """The organisation it belongs to; null for one of the enterprise."""

    created_by: Untrusted | None = None
    """Who created it."""

    updated_by: Untrusted | None = None
    """Who changed it last."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""


class UpdatedPlaybook(MergedOutput, Playbook):
    """A playbook after an update."""


class PlaybookPage(Page[Playbook]):
    """One page of playbooks."""

    playbooks: Items[Playbook]
    """The playbooks of this page."""


class _OnPlaybook(Input):
    playbook_id: Annotated[Id, Example("playbook-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c")]
    """Which playbook, as `playbook-...`."""


class _Playbook(Input):
    title: Title
    """The title."""

    body: Body
    """The instructions, in plain words or Markdown."""

    macro: Macro | None = None
    """A word that brings it into a prompt: `!`, then letters, digits, `_` or `-`."""

    structured_output_schema: OutputSchema | None = None
    """JSON Schema (draft 7, at most 64 KB, no external $ref) for the structured output of its sessions."""


class ListPlaybooks(Paged[PlaybookPage]):
    """List playbooks, one page per call.

    Playbooks inherited from the enterprise are among them (`access_type` says so).
    """

    route = GET(PLAYBOOKS, permission=MANAGE)
    keywords = (
        "which recipes, templates do we have, reusable prompts, procedures, runbooks, SOPs, standard "
        "instructions, macros, how-tos, checklists, ready-made instructions"
    )
    examples = ({"limit": 20},)


class GetPlaybook(_OnPlaybook, Detailed[Playbook]):
    """Read one playbook."""

    route = GET(PLAYBOOK, permission=MANAGE)
    keywords = (
        "show the recipe, steps, procedure, text of a reusable prompt, runbook, what are the steps, what "
        "does the runbook say"
    )


class CreatePlaybook(_Playbook, CreateOnce[Playbook]):
    """Create a playbook.

    Calling it twice makes two playbooks. When its answer is lost it is not repeated: the error asks
    you to look for the playbook first.
    """

    route = POST(PLAYBOOKS, permission=MANAGE)
    keywords = (
        "save a recipe, procedure, runbook, reusable prompt, template for next time, write standard "
        "instructions, SOP, macro, write up how we do it, so it can follow each time, step by step, "
        "how-to, checklist, reuse"
    )
    examples = (
        {
            "title": "Upgrade a dependency",
            "body": "1. Read the changelog.\n2. Raise the version.\n3. Run the tests.",
            "macro": "!upgrade",
        },
    )


class UpdatePlaybook(_Playbook, _OnPlaybook, UpdateWhole[UpdatedPlaybook]):
    """Change some fields of a playbook, keeping the others.

    The API takes a playbook only whole, so it is read first and written back with the changes; `kept`
    in the output names the fields that were written as they were read. A change that somebody else
    makes between the two is lost.
    """

    route = PUT(PLAYBOOK, permission=MANAGE)
    keywords = (
        "edit the recipe, steps, procedure, improve a reusable prompt, runbook, rename a template, change "
        "its macro, change step 3, add a step"
    )
    reads = GetPlaybook
    examples = (
        {
            "playbook_id": "playbook-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
            "title": "Upgrade a dependency, carefully",
            "clear": ["macro"],
        },
    )

    title: Title = as_is()
    """A new title."""

    body: Body = as_is()
    """New instructions, in place of all of the old ones."""

    clear: Annotated[list[Literal["macro", "structured_output_schema"]], Wire(None)] = []
    """Fields to empty: `macro`, `structured_output_schema`."""


class DeletePlaybook(_OnPlaybook, Tool[Playbook]):
    """Delete a playbook for good.

    The output is the playbook as it was.
    """

    route = DELETE(PLAYBOOK, permission=MANAGE)
    keywords = (
        "get rid of a recipe, runbook, nobody uses that template, procedure, outdated how-to, retire a "
        "runbook"
    )
