"""The organisations of an enterprise, and what groups of them may spend.

Facts: docs.devin.ai/v3-openapi.yaml and the vendor's Terraform provider.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from ...codec import decode, encode
from ...flow import Flow
from ...locations import Wire
from ...paging import Abridged, BareList, Detailed, Items, Page, Paged
from ...reading import REPLACED_TEXT
from ...tool import DESTROY, DOCUMENTED, WRITE, Example, Input, Output, Tool
from ...wire import DELETE, GET, PATCH, POST, PUT, Response
from ..shared.fields import UNTRUSTED, Id, Name, Untrusted, as_is
from ..shared.merging import require_as_sent, with_cleared
from ..shared.once import CreateOnce

ORGANIZATIONS = "/v3/enterprise/organizations"
ORGANIZATION = ORGANIZATIONS + "/{org_id}"
GROUP_LIMITS = "/v3/enterprise/org-group-limits"
MANAGE = "ManageOrganizations"

Acus = Annotated[int, Field(ge=0)]
"""A number of ACUs that may be spent. The API states no bounds; below 0 nobody means anything."""


class Organization(Output):
    """An organisation of an enterprise."""

    org_id: str
    """The id of the organisation."""

    name: Untrusted | None = None
    """Its name."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""

    max_session_acu_limit: int | None = None
    """The most ACUs that one session of it may spend; null for no limit."""

    max_cycle_acu_limit: int | None = None
    """The most ACUs that it may spend in a billing cycle; null for no limit."""


# Nothing tells whether this path answers pages, as most do, or a bare list.
class OrganizationPage(BareList, Page[Organization]):
    """One page of organisations."""

    organizations: Items[Organization]
    """The organisations of this page."""


class GroupLimit(Output):
    """Organisations that share a limit."""

    org_ids: list[str] = []
    """The organisations of the group."""

    max_cycle_acus: int | None = None
    """The most ACUs that they may spend together in a billing cycle; null for no limit."""


class GroupLimits(Abridged):
    """The limits of all groups of organisations."""

    groups: Annotated[dict[str, GroupLimit], UNTRUSTED]
    """The groups, by the name of each."""


class ReplacedGroupLimits(GroupLimits):
    """The limits of all groups after they were written."""

    from_flow = frozenset({"kept"})

    kept: list[str] = []
    """The groups that were written back as they had just been read, because the call asked for that."""


class OnOrganization(Input):
    """The argument of every tool of an enterprise that is about one of its organisations."""

    org_id: Annotated[Id, Example("org-0123456789abcdef0123456789abcdef")]
    """Which organisation of the enterprise, as `org-...`."""


class _Limited(Input):
    max_session_acu_limit: Acus | None = None
    """The most ACUs that one session of it may spend."""

    max_cycle_acu_limit: Acus | None = None
    """The most ACUs that it may spend in a billing cycle."""


class ListOrganizations(Paged[OrganizationPage]):
    """List the organisations of the enterprise, one page per call.

    Only for service users of an enterprise: the key of a single organisation is refused.
    """

    route = GET(ORGANIZATIONS, permission=MANAGE)
    keywords = (
        "which teams, workspaces, tenants exist, departments, business units, divisions, find the id of a "
        "team, how many teams are there, all of our teams"
    )
    examples = ({"limit": 50},)


class CreateOrganization(_Limited, CreateOnce[Organization]):
    """Create an organisation in the enterprise.

    Calling it twice makes two organisations. When its answer is lost it is not repeated: the error
    asks you to look at the list first.
    """

    route = POST(ORGANIZATIONS, permission=MANAGE)
    effect = WRITE.administrative()
    keywords = (
        "new team, workspace, tenant, set up a department, business unit, onboard a project group, "
        "separate space for contractors, spin off a new team"
    )
    examples = ({"name": "Research", "max_session_acu_limit": 50, "max_cycle_acu_limit": 1_000},)

    name: Name
    """The name. Whether two may have the same is not documented."""


class GetOrganization(OnOrganization, Tool[Organization]):
    """Read one organisation of the enterprise: its name and its limits."""

    route = GET(ORGANIZATION, permission=MANAGE)
    keywords = (
        "details of a team, workspace, what is this tenant called, its quota, settings of one department, "
        "how large is the team's limit, when was it made"
    )


class UpdateOrganization(_Limited, OnOrganization, Tool[Organization]):
    """Change the name or the limits of an organisation; the rest stays as it is.

    A lower limit can stop people from starting sessions, a higher one costs money.
    """

    route = PATCH(ORGANIZATION, permission=MANAGE)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "rename a team, workspace, edit department settings, new name for a team, max per job, change its "
        "limit, raise or lower a team's quota, cap"
    )
    examples = (
        {"org_id": "org-0123456789abcdef0123456789abcdef", "max_cycle_acu_limit": 2_000},
        {
            "org_id": "org-0123456789abcdef0123456789abcdef",
            "name": "Research",
            "clear": ["max_session_acu_limit"],
        },
    )

    name: Name = as_is()
    """A new name."""

    # The documents say only that null is taken; the Terraform provider sends it to remove a limit.
    clear: Annotated[list[Literal["max_session_acu_limit", "max_cycle_acu_limit"]], Wire(None)] = []
    """Limits to remove: `max_session_acu_limit`, `max_cycle_acu_limit`."""

    def flow(self) -> Flow[Organization]:
        """Change what the call names."""
        assert self.route is not None
        request = encode(self.route, self)
        request = replace(request, body=with_cleared(request.body or {}, self.clear))
        return decode(Organization, (yield request), {"org_id": self.org_id})


class DeleteOrganization(OnOrganization, Tool[Organization]):
    """Delete an organisation with everything in it, for good.

    Its sessions, knowledge, playbooks, schedules and secrets are gone, and its keys are refused. No
    way back is known. The output is the organisation as it was.
    """

    route = DELETE(ORGANIZATION, permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "close a team, workspace, tenant, offboard, dissolve a department, wipe everything a business "
        "unit has, team is closing, subsidiary sold"
    )


class GetGroupLimits(Detailed[GroupLimits]):
    """Read what groups of organisations may spend together in a billing cycle."""

    route = GET(GROUP_LIMITS, permission=MANAGE)
    keywords = (
        "shared budget of several teams, pooled quota, cap of a division, common allowance, business "
        "line, how much do the divisions have together"
    )
    examples = ({},)


def _each_once(org_ids: list[str]) -> list[str]:
    return list(dict.fromkeys(org_ids))


class GroupToLimit(Input):
    """A group of organisations, and what they may spend together."""

    org_ids: Annotated[list[Id], AfterValidator(_each_once), DOCUMENTED]
    """All organisations of the group, in place of those that it has now."""

    max_cycle_acus: Acus | None = None
    """The most ACUs that they may spend together in a billing cycle; left out or null: no limit."""


class ReplaceGroupLimits(Tool[ReplacedGroupLimits]):
    """Replace the limits of all groups of organisations: groups left out are deleted.

    To change one group alone, set `keep_others`: the groups are read first, and those that the call
    does not name are written back as they were. A change that somebody else makes between the two is
    lost. Not every enterprise has groups: the vendor switches them on.
    """

    route = PUT(GROUP_LIMITS, permission=MANAGE)
    # A group that is left out is gone with its limit, and no operation brings it back.
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "one budget for several teams together, pool the allowance, cap divisions, raise a shared "
        "allowance, divisions share one pot, change the pot"
    )
    is_one_request = False
    examples = (
        {
            "groups": {
                "research": {"org_ids": ["org-0123456789abcdef0123456789abcdef"], "max_cycle_acus": 5_000}
            },
        },
    )

    groups: dict[Name, GroupToLimit]
    """The groups by name, each as a whole. An empty object deletes all, unless `keep_others` is set."""

    keep_others: Annotated[bool, Wire(None)] = False
    """Whether to keep the groups that are not named here; left out, they are deleted."""

    def flow(self) -> Flow[ReplacedGroupLimits]:
        """Write; read and merge before where the others are to be kept."""
        assert self.route is not None
        request = encode(self.route, self)
        named = dict(request.body or {}).get("groups", {})
        others = (yield from _others(named)) if self.keep_others else {}
        response: Response = yield replace(request, body={"groups": {**others, **named}})
        written = decode(ReplacedGroupLimits, response, {"groups": {**others, **named}})
        return written.model_copy(update={"kept": list(others)})


def _others(named: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Read the groups that are not named, as they came: what is not known of them goes back too."""
    read = GetGroupLimits()
    assert read.route is not None
    now = decode(GroupLimits, (yield encode(read.route, read)), {})
    others = {name: group for name, group in now.groups.items() if name not in named}
    require_as_sent(name for name, group in others.items() if REPLACED_TEXT in (group.model_extra or {}))
    return {name: group.model_dump(exclude_unset=True) for name, group in others.items()}
