"""Playbooks of an enterprise, which each of its organisations has. Facts: docs.devin.ai, and the vendor's
Terraform provider.
"""

from __future__ import annotations

from ...wire import DELETE, GET, POST, PUT
from ..playbooks import CreatePlaybook, DeletePlaybook, GetPlaybook, ListPlaybooks, UpdatePlaybook

PLAYBOOKS = "/v3/enterprise/playbooks"
PLAYBOOK = PLAYBOOKS + "/{playbook_id}"
MANAGE = "ManageAccountPlaybooks"

_EXAMPLE = {"playbook_id": "playbook-00000000000000000000000000000001"}
"""One of the enterprise: those of its organisations have their own paths."""


class ListEnterprisePlaybooks(ListPlaybooks):
    """List the playbooks of the enterprise, one page per call."""

    route = GET(PLAYBOOKS, permission=MANAGE)
    keywords = (
        "company-wide recipes, procedures, runbooks, reusable prompts of all teams, how-tos everybody "
        "has, checklists"
    )


class GetEnterprisePlaybook(GetPlaybook):
    """Read one playbook of the enterprise."""

    route = GET(PLAYBOOK, permission=MANAGE)
    keywords = (
        "show a company-wide recipe, procedure, text of a shared runbook, prompt, read a company how-to, "
        "its steps"
    )
    examples = (_EXAMPLE,)


class CreateEnterprisePlaybook(CreatePlaybook):
    """Create a playbook that every organisation of the enterprise has.

    Calling it twice makes two playbooks. When its answer is lost it is not repeated: the error asks
    you to look for the playbook first.
    """

    route = POST(PLAYBOOKS, permission=MANAGE)
    keywords = (
        "recipe, procedure for all teams, company-wide runbook, reusable prompt, share a template with "
        "everybody, how-to for everybody, checklist, procedure, each team follows it"
    )
    examples = (
        {
            "title": "Answer an incident",
            "body": "1. Write down what you see.\n2. Find the cause.\n3. Propose a fix.",
            "macro": "!incident",
        },
    )


class UpdateEnterprisePlaybook(UpdatePlaybook):
    """Change some fields of a playbook of the enterprise, keeping the others.

    The API takes a playbook only whole, so it is read first and written back with the changes; `kept`
    in the output names the fields that were written as they were read. A change that somebody else
    makes between the two is lost.
    """

    route = PUT(PLAYBOOK, permission=MANAGE)
    keywords = (
        "edit a company-wide recipe, procedure, improve a runbook all teams use, change a step of the "
        "company how-to"
    )
    reads = GetEnterprisePlaybook
    examples = (_EXAMPLE | {"title": "Answer an incident, calmly", "clear": ["macro"]},)


class DeleteEnterprisePlaybook(DeletePlaybook):
    """Delete a playbook of the enterprise for good, in every organisation.

    The output is the playbook as it was.
    """

    route = DELETE(PLAYBOOK, permission=MANAGE)
    keywords = (
        "get rid of a company-wide recipe, nobody in the company uses that runbook, outdated company how-to"
    )
    examples = (_EXAMPLE,)
