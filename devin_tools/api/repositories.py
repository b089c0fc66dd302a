"""Repositories and their index. Facts: docs.devin.ai, repositories (beta).

An index is what Devin's search and wiki read. Branches are named in full, slashes and all.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from ..paging import Abridged, BareList, Detailed, Items, Page, Paged
from ..tool import DESTROY, WRITE, Example, Input, Output, Tool
from ..wire import DELETE, GET, PUT
from .shared.fields import Matching, Name, Text, Untrusted, as_is, known

REPOSITORIES = "/v3beta1/organizations/{org_id}/repositories"
INDEXING = REPOSITORIES + "/indexing"
ONE = REPOSITORIES + "/{repository_path:path}/indexing"
VIEW, MANAGE = "ViewOrgRepositories", "ManageOrgRepositories"
"""The vendor's names of these permissions are not confirmed; the API's own text decides."""


def _path(value: str) -> str:
    if {".", ".."} & set(value.split("/")):
        raise ValueError("a part of the path is a dot or two, which names no repository")
    return value


RepositoryPath = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._~-]{1,100}(/[A-Za-z0-9._~-]{1,100}){1,5}$"),
    AfterValidator(_path),
]
"""A repository, as `owner/repo`; its slashes separate segments of the path."""


BranchName = Annotated[str, Matching(r"^[^\x00-\x20\x7f~^:?*\[\\]{3,250}$")]
"""A branch, in the letters that git allows."""


class IndexJob(Output):
    """One run that makes an index."""

    job_id: str
    """The id."""

    commit: str | None = None
    """The commit that was read."""

    branch_name: Untrusted | None = None
    """The branch."""

    status: Annotated[str, known("in_progress", "completed", "failed")] | None = None
    """How it stands."""

    created_at: int | None = None
    """When it began, in Unix seconds."""


class IndexingStatus(Abridged):
    """How the index of a repository stands."""

    indexing_enabled: bool | None = None
    """Whether it is kept up to date."""

    latest_indexes: list[IndexJob] = []
    """The last runs, by branch."""

    latest_completed_search_index_job: IndexJob | None = None
    """The last run that made the search index."""

    latest_completed_wiki_index_job: IndexJob | None = None
    """The last run that made the wiki."""


class Repository(Output):
    """A repository that the organisation can reach."""

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

    indexing_status: IndexingStatus | None = None
    """How its index stands, when that was asked for."""


class IndexedRepository(Output):
    """A repository with an index."""

    repository_path: Untrusted
    """The path, as `owner/repo`."""

    indexing_enabled: bool | None = None
    """Whether the index is kept up to date."""

    branches: list[Untrusted] = []
    """The branches that are indexed."""

    indexing_status: IndexingStatus | None = None
    """How the index stands."""


class RepositoryPage(Page[Repository]):
    """One page of repositories."""

    repositories: Items[Repository]
    """The repositories of this page."""


class IndexedRepositoryPage(Page[IndexedRepository]):
    """One page of repositories with an index."""

    repositories: Items[IndexedRepository]
    """The repositories."""


# The vendor's pages show {"items": [...]}; a published SDK types the answer as a bare array.
class IndexedRepositories(BareList):
    """What became of the repositories that were named."""

    items_field: ClassVar[str] = "repositories"

    repositories: Items[IndexedRepository]
    """The repositories."""


class ListRepositories(Paged[RepositoryPage]):
    """List the repositories that the organisation can reach, one page per call."""

    route = GET(REPOSITORIES, permission=VIEW)
    keywords = (
        "is my project available, codebases, which projects can it work on, is our repo connected, which "
        "code can it see, repos connected from GitHub or GitLab"
    )
    examples = ({"limit": 50}, {"filter_name": "shop", "load_indexing_status": True})

    filter_name: Text | None = None
    """Only repositories with this in their name."""

    load_indexing_status: bool | None = None
    """Whether to say how each index stands."""

    only_repo_paths: Annotated[list[RepositoryPath], Field(min_length=1)] | None = None
    """Only these repositories."""

    exclude_repo_paths: Annotated[list[RepositoryPath], Field(min_length=1)] | None = None
    """All but these repositories."""


class ListIndexedRepositories(Paged[IndexedRepositoryPage]):
    """List the repositories with an index, one page per call."""

    route = GET(INDEXING, permission=VIEW)
    keywords = (
        "codebases DeepWiki, Ask Devin know, what code was analysed, which repos can I ask questions "
        "about, which repos can be searched"
    )
    examples = ({"limit": 50},)


class RepositoryToIndex(Input):
    """A repository to index."""

    repository_path: RepositoryPath
    """The path, as `owner/repo`."""

    branch_names: list[Name] = []
    """The branches; left out, the main one."""


class IndexRepositories(Tool[IndexedRepositories]):
    """Have several repositories indexed, or the index of each made anew."""

    route = PUT(INDEXING, permission=MANAGE)
    keywords = (
        "make many repos searchable, bulk, learn our codebases, DeepWiki, refresh the wikis of all "
        "projects, learn all our repos, ask questions about several"
    )
    examples = ({"repositories": [{"repository_path": "acme/shop"}]},)

    repositories: Annotated[list[RepositoryToIndex], Field(min_length=1)]
    """What to index."""


class UnindexRepositories(Tool[IndexedRepositories]):
    """Remove the indexes of several repositories. The repositories stay as they are."""

    route = DELETE(INDEXING, sends_body=True, permission=MANAGE)
    effect = DESTROY.idempotent()
    keywords = (
        "forget many codebases, bulk, no longer searchable, drop several wikis, clean up after a "
        "migration of repos, several repos not searchable any more"
    )
    examples = ({"repository_paths": ["acme/shop"]},)

    repository_paths: Annotated[list[RepositoryPath], Field(min_length=1)]
    """The repositories, as `owner/repo`."""


class _OnRepository(Input):
    repository_path: Annotated[RepositoryPath, Example("acme/shop")]
    """Which repository, as `owner/repo`."""


class GetRepositoryIndexing(_OnRepository, Detailed[IndexingStatus]):
    """Read how the index of a repository stands, branch by branch."""

    route = GET(ONE, permission=VIEW)
    keywords = (
        "can I search that repo now, is the wiki ready, DeepWiki status, did analysing the codebase fail, "
        "which branches are covered, can I ask questions about it yet, is it still reading the code"
    )


class IndexRepository(_OnRepository, Tool[IndexedRepository]):
    """Have one repository indexed, or its index made anew."""

    route = PUT(ONE, permission=MANAGE)
    effect = WRITE.idempotent().reversible()
    keywords = (
        "make my repo searchable, DeepWiki, let it learn, read the codebase, refresh, update the wiki, "
        "reindex, onboard a project for code search, it cannot answer about our code, let us ask about a "
        "repo"
    )
    examples = ({"repository_path": "acme/shop", "branch_names": ["main"]},)

    branch_names: list[Name] = as_is()
    """The branches; left out, the main one."""


class UnindexRepository(_OnRepository, Tool[IndexedRepository]):
    """Remove the index of one repository. The repository stays as it is."""

    route = DELETE(ONE, permission=MANAGE)
    keywords = (
        "forget my codebase, no longer searchable, drop the wiki, exclude a repo from code search, legacy "
        "repo, stop reading its code"
    )


class UnindexRepositoryBranch(_OnRepository, Tool[IndexedRepository]):
    """Remove one branch from the index of a repository. The branch stays as it is."""

    route = DELETE(ONE + "/branches/{branch_name}", permission=MANAGE)
    keywords = (
        "forget a feature branch, release line, stop covering this line in code search, only keep main "
        "searchable, branch was merged, no longer look at it"
    )

    branch_name: Annotated[BranchName, Example("main")]
    """The branch by its whole name. A slash in it travels percent-encoded, in one segment."""
