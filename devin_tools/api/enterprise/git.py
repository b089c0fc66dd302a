"""Connections to code hosts, and what of them an organisation may use.

Facts: the vendor's Terraform provider and its notes.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from ...locations import Wire
from ...paging import BareList, Items, Page, Paged
from ...tool import DESTROY, DOCUMENTED, READ, WRITE, Example, Input, Output, Tool
from ...wire import DELETE, GET, PATCH, POST, PUT
from ..shared.fields import Id, Name, Text, Untrusted, known
from ..shared.once import CreateOnce
from .organizations import ORGANIZATION, OnOrganization

CONNECTIONS = "/v3/enterprise/git-providers/connections"
PERMISSIONS = ORGANIZATION + "/git-providers/permissions"
ONE = PERMISSIONS + "/{git_permission_id}"
MANAGE = "ManageGitIntegrations"
PROVIDERS = (
    "github_token", "github_individual_token", "github_app", "gitlab_token", "gitlab_oauth",
    "azure_devops_oauth", "azure_devops_token", "bitbucket_oauth", "bitbucket_token", "perforce",
)  # fmt: skip
MAX_PERMISSIONS = 200
TARGETS = ("repo_path", "group_prefix", "prefix_path", "depot_path")


class GitConnection(Output):
    """A connection to a code host."""

    git_connection_id: str
    """The id."""

    git_provider_type: Annotated[str, known(*PROVIDERS)] | None = None
    """What kind of code host it is, and how Devin signs in."""

    name: Untrusted | None = None
    """The name."""

    host: str | None = None
    """The code host."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    perforce_depot_paths: list[Untrusted] | None = None
    """Of Perforce: the depots."""

    web_viewer_url: Untrusted | None = None
    """Where people look at its code."""


class GitConnectionPage(Page[GitConnection]):
    """One page of connections."""

    connections: Items[GitConnection]
    """The connections of this page."""


class GitConnectionRepository(Output):
    """A repository that a connection reaches."""

    repo_path: Untrusted
    """The path, as `owner/repo`."""

    repo_name: Untrusted | None = None
    """The name."""

    repo_description: Untrusted | None = None
    """The description."""

    repo_language: str | None = None
    """The main language."""

    provider_repository_id: str | None = None
    """The id at the code host."""

    git_connection_id: str | None = None
    """The connection it is reached by."""

    git_connection_host: str | None = None
    """The code host."""

    last_updated_at: int | None = None
    """When it last changed, in Unix seconds."""


class GitConnectionRepositoryPage(Page[GitConnectionRepository]):
    """One page of repositories."""

    repositories: Items[GitConnectionRepository]
    """The repositories of this page."""


class GitPermission(Output):
    """What an organisation may use of a connection: a repository, or all that begin alike."""

    git_permission_id: str
    """The id."""

    git_connection_id: str | None = None
    """The connection."""

    repo_path: Untrusted | None = None
    """The one repository, where it is about one."""

    group_prefix: Untrusted | None = None
    """The group whose repositories it is about, with a slash at the end."""

    prefix_path: Untrusted | None = None
    """How the paths of the repositories begin."""

    depot_path: Untrusted | None = None
    """Of Perforce: the depot."""

    read_only: bool | None = None
    """Whether Devin may only read there."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""


class GitPermissionPage(Page[GitPermission]):
    """One page of permissions."""

    permissions: Items[GitPermission]
    """The permissions of this page."""


class GitPermissions(BareList):
    """The permissions that a call was about."""

    items_field: ClassVar[str] = "permissions"

    permissions: Items[GitPermission]
    """The permissions."""


class ListGitConnections(Paged[GitConnectionPage]):
    """List the enterprise's connections to code hosts, one page per call."""

    route = GET(CONNECTIONS, permission=MANAGE)
    keywords = (
        "source control integration, Azure DevOps, is our git server hooked up, which code hosts can we "
        "reach, is GitHub linked, GitLab, Bitbucket"
    )
    examples = ({"limit": 50},)


class ListGitConnectionRepositories(Paged[GitConnectionRepositoryPage]):
    """List the repositories that a connection reaches, one page per call."""

    route = GET(CONNECTIONS + "/{connection_id}/repositories", permission=MANAGE)
    keywords = (
        "which repos come from our GitHub, what code does the GitHub app see, what is behind that "
        "integration, projects on GitLab, codebases of the host"
    )
    examples = ({"connection_id": "connection-1", "limit": 50, "filter_name": "shop"},)

    limit: Annotated[int, Field(ge=1, le=100), Wire("first"), DOCUMENTED] = 100
    """How many items a page holds: 1 to 100, which is the API's own default."""

    connection_id: Id
    """Which connection, by its `git_connection_id`."""

    filter_name: Text | None = None
    """Only repositories with this in their name."""


class ListGitPermissions(OnOrganization, Paged[GitPermissionPage]):
    """List what an organisation may use of the connections, one page per call."""

    route = GET(PERMISSIONS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "which repos is a team allowed to touch, who may push where, code access, grants of a workspace, "
        "why can they not get at a repo, who sees which code, can the data team push"
    )
    examples = ({"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},)


class GitPermissionToGive(Input):
    """What an organisation may use of a connection. Give exactly one of the four paths.

    They are `repo_path`, `group_prefix`, `prefix_path` and `depot_path`.
    """

    git_connection_id: Id
    """The connection, by its `git_connection_id`."""

    repo_path: Name | None = None
    """One repository, as `owner/repo`."""

    group_prefix: Name | None = None
    """A group whose repositories are all meant, as `group` or `group/subgroup`, without a slash at the end:
    the API adds it."""

    prefix_path: Name | None = None
    """How the paths of the repositories begin."""

    depot_path: Name | None = None
    """Of Perforce: the depot, as `//depot/main`."""

    read_only: bool = False
    """Whether Devin may only read there. Left out: it may write too."""

    @model_validator(mode="after")
    def _has_one_path(self) -> Self:
        """Refuse what the API refuses, or would take for something else."""
        given = [name for name in TARGETS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(TARGETS)}; here are {len(given)}")
        if self.group_prefix is not None and self.group_prefix.endswith("/"):
            raise ValueError("group_prefix must not end in a slash: the API adds one")
        return self


def _some(value: Any) -> Any:
    if value == []:
        raise ValueError("holds nothing; to delete all permissions, call devin_clear_git_permissions")
    return value


PermissionsToGive = Annotated[
    list[GitPermissionToGive],
    Field(max_length=MAX_PERMISSIONS, json_schema_extra={"minItems": 1}),  # the latter is our own
    BeforeValidator(_some),
    DOCUMENTED,
]


class _WithPermissions(Input):
    permissions: PermissionsToGive
    """What the organisation may use: 1 to 200 entries."""


_EXAMPLE = {
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "permissions": [
        {"git_connection_id": "connection-1", "repo_path": "acme/shop"},
        {"git_connection_id": "connection-1", "group_prefix": "acme/libraries", "read_only": True},
        {"git_connection_id": "connection-2", "prefix_path": "legacy/main"},
    ],
}


class CreateGitPermissions(OnOrganization, _WithPermissions, CreateOnce[GitPermissions]):
    """Let an organisation use more repositories of the connections.

    Its sessions can read their code, and write it unless `read_only` is set. When the answer is lost
    nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(PERMISSIONS, permission=MANAGE)
    effect = WRITE.administrative()
    keywords = (
        "give a team access to another repo, open a codebase for them, grant, they cannot clone, cannot "
        "see it, cannot get at the repo, let them see the code, open up, allow to push, let the agents "
        "work on a repo, onboard a repo"
    )
    examples = (_EXAMPLE,)


class ReplaceGitPermissions(OnOrganization, _WithPermissions, Tool[GitPermissions]):
    """Replace all that an organisation may use of the connections.

    Permissions that are not in the list are deleted: its sessions lose that code.
    """

    route = PUT(PERMISSIONS, permission=MANAGE)
    # What is not listed is gone, with its id.
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "set exactly which repos a team may touch, overwrite code access, grants, only these repos and "
        "none other, reset what code they see"
    )
    examples = (_EXAMPLE,)


class ClearGitPermissions(OnOrganization, Tool[GitPermissions]):
    """Delete all permissions of an organisation: its sessions lose all code.

    The connections stay as they are. The output holds the permissions as they were.
    """

    route = DELETE(PERMISSIONS, permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "cut a team off from every repo, withdraw code access completely, revoke, wipe grants, they "
        "should see no code at all, no code for the contractors any more"
    )


class _OnPermission(OnOrganization):
    git_permission_id: Annotated[Id, Example("git-permission-1")]
    """Which permission, by its `git_permission_id`."""


class UpdateGitPermission(_OnPermission, Tool[GitPermission]):
    """Change whether a permission of an organisation lets it write.

    Sessions of it may read there in any case.
    """

    route = PATCH(ONE, permission=MANAGE)
    effect = WRITE.idempotent().administrative()
    keywords = (
        "read-only or push access for a repo, make a grant writable, looking is fine, must not push, look "
        "but not touch, allow to push, stop a team from pushing"
    )

    read_only: Annotated[bool, Example(True)]
    """Whether Devin may only read there."""


class DeleteGitPermission(_OnPermission, Tool[GitPermission]):
    """Delete one permission of an organisation: its sessions lose that code.

    The output is the permission as it was.
    """

    route = DELETE(ONE, permission=MANAGE)
    effect = DESTROY.idempotent().administrative()
    keywords = (
        "take one repo away from a team, revoke a single grant, code access, should not see that repo any "
        "more, no longer work on that project, lock them out of a repo"
    )
