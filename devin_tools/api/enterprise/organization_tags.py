"""The tags that the sessions of an organisation may have, and the one that they get by default.

Facts: the vendor's Terraform provider, whose notes call it tag enforcement. `devin_get_allowed_tags` and
its kin are about an organisation; the tags of one session are in `tags`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from ...tool import WRITE, Example, Input, Output, Tool
from ...wire import DELETE, GET, POST, PUT
from ..shared.fields import ManyTags, NewTag, Untrusted
from .organizations import ORGANIZATION, OnOrganization

TAGS = ORGANIZATION + "/tags"
DEFAULT = TAGS + "/default"
MANAGE = "ManageEnterpriseSettings"


def _not_default(tag: str) -> str:
    if tag.strip("/") == "default":  # a host that decodes slashes may take "default/" for it too
        raise ValueError(
            "stands in the path of the default tag, which would be cleared: to take a tag of this name out "
            "of the list, replace the list"
        )
    return tag


ANY_BUT_DEFAULT = (
    r"^([\s\S]{1,6}|[\s\S]{8,}|[^d][\s\S]{6}|[\s\S][^e][\s\S]{5}|[\s\S]{2}[^f][\s\S]{4}"
    r"|[\s\S]{3}[^a][\s\S]{3}|[\s\S]{4}[^u][\s\S]{2}|[\s\S]{5}[^l][\s\S]|[\s\S]{6}[^t])$"
)
"""Says it to what checks by the schema alone, as packs do; not every engine of patterns can look ahead."""

TagInPath = Annotated[
    NewTag, AfterValidator(_not_default), Field(json_schema_extra={"pattern": ANY_BUT_DEFAULT})
]
"""A tag that a path ends with. It may hold slashes and spaces: it travels percent-encoded."""


class AllowedTags(Output):
    """The tags that the sessions of an organisation may have."""

    tags: list[Untrusted]
    """The tags. Whether an empty list lets any tag be given or none is not documented."""


class DefaultTag(Output):
    """The tag that the sessions of an organisation get when they are given none."""

    default_tag: Untrusted | None = None
    """The tag; null where there is none."""


class _WithTags(Input):
    tags: ManyTags
    """The tags; comma-separated text is accepted too."""


class GetAllowedTags(OnOrganization, Tool[AllowedTags]):
    """Read which tags the sessions of an organisation may have."""

    route = GET(TAGS, permission=MANAGE)
    keywords = (
        "which labels are permitted for a team, valid cost centres, label vocabulary, why was my label "
        "refused, what may we label things with"
    )


class AppendAllowedTags(OnOrganization, _WithTags, Tool[AllowedTags]):
    """Add tags to those that the sessions of an organisation may have.

    Where the enterprise enforces the list, a session with another tag is refused when it is created: the
    first tag of an empty list may turn all others away.
    """

    route = POST(TAGS, permission=MANAGE)
    effect = WRITE.idempotent().reversible()
    keywords = (
        "permit another label, cost centre, new project code for a team, whitelist, let a team use one "
        "more label"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "tags": ["team:payments", "upgrade"]},)


class ReplaceAllowedTags(OnOrganization, _WithTags, Tool[AllowedTags]):
    """Replace all tags that the sessions of an organisation may have.

    Tags that are not in the list are no longer allowed: where the enterprise enforces the list, a session
    with one is refused when it is created. What an empty list allows is not documented.
    """

    route = PUT(TAGS, permission=MANAGE)
    keywords = (
        "set exactly the labels a team can use, overwrite the label vocabulary, enforce, these labels and "
        "no others, new label scheme"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "tags": ["team:payments"]},)


class ClearAllowedTags(OnOrganization, Tool[AllowedTags]):
    """Clear the list of allowed tags of an organisation.

    Whether any tag may be given then is not documented: where the enterprise enforces the list, sessions may
    be refused from then on.
    """

    route = DELETE(TAGS, permission=MANAGE)
    keywords = (
        "no more label policy for a team, drop every permitted label, cost centre, start over with "
        "labels, free choice"
    )


class RemoveAllowedTag(OnOrganization, Tool[AllowedTags]):
    """Remove one tag from those that the sessions of an organisation may have."""

    route = DELETE(TAGS + "/{tag}", permission=MANAGE)
    keywords = (
        "forbid a label, cost centre, retire, ban one label, old project is over, nobody may label with it"
    )

    tag: Annotated[TagInPath, Example("team:payments")]
    """The tag, as it is in the list. Sessions that have it keep it."""


class GetDefaultTag(OnOrganization, Tool[DefaultTag]):
    """Read the tag that the sessions of an organisation get by default."""

    route = GET(DEFAULT, permission=MANAGE)
    keywords = (
        "which label is put on automatically, standard cost centre of a team, what do unlabelled ones "
        "get, automatic cost centre"
    )


class SetDefaultTag(OnOrganization, Tool[DefaultTag]):
    """Set the tag that the sessions of an organisation get by default.

    A session gets it when it is created without tags.
    """

    route = PUT(DEFAULT, permission=MANAGE)
    effect = WRITE.idempotent().reversible()
    keywords = (
        "put a label on everything automatically, standard cost centre, fallback label, book a team's "
        "work on a cost centre, label the unlabelled"
    )

    tag: Annotated[NewTag, Example("team:payments")]
    """The tag. It must be one that the organisation allows."""


class ClearDefaultTag(OnOrganization, Tool[DefaultTag]):
    """Clear the tag that the sessions of an organisation get by default.

    The list of allowed tags stays as it is.
    """

    route = DELETE(DEFAULT, permission=MANAGE)
    keywords = "stop labelling automatically, no standard cost centre any more, no automatic label any more"
