"""Repositories and their indexes."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, IndexRepository

JOB = {
    "job_id": "job-1",
    "commit": "0123456789abcdef0123456789abcdef01234567",
    "branch_name": "main",
    "status": "completed",
    "created_at": 1767225600,
}
STATUS = {
    "indexing_enabled": True,
    "latest_indexes": [JOB],
    "latest_completed_search_index_job": JOB,
    "latest_completed_wiki_index_job": JOB,
}
REPOSITORY: dict[str, Any] = {
    "repo_path": "acme/shop",
    "repo_name": "shop",
    "repo_description": "The shop.",
    "repo_language": "Python",
    "provider_repository_id": "R_1",
    "git_connection_id": "connection-1",
    "git_connection_host": "github.com",
    "last_updated_at": 1767225600,
    "indexing_status": STATUS,
}
INDEXED: dict[str, Any] = {
    "repository_path": "acme/shop",
    "indexing_enabled": True,
    "branches": ["main"],
    "indexing_status": STATUS,
}
LARGEST: dict[str, Any] = {
    "IndexingStatus": STATUS,
    "IndexedRepository": INDEXED,
    "IndexedRepositories": {"items": [INDEXED]},
    "IndexedRepositoryPage": page(INDEXED, INDEXED | {"repository_path": "acme/x"}),
    "RepositoryPage": page(REPOSITORY, REPOSITORY | {"repo_path": "acme/x"}),
}
SMALLEST: dict[str, Any] = {
    "IndexingStatus": {},
    "IndexedRepository": {"repository_path": "acme/shop"},
    "IndexedRepositories": {"items": []},
    "IndexedRepositoryPage": {"items": []},
    "RepositoryPage": {"items": [{"repo_path": "acme/shop"}]},
}
UNTRUSTED = {
    "IndexJob": {"branch_name"},
    "IndexedRepository": {"repository_path", "branches"},
    "Repository": {"repo_path", "repo_name", "repo_description"},
}


def furnish(client: Client) -> dict[str, Any]:
    client.run(IndexRepository(repository_path="acme/shop"))
    return {}


def cases() -> Cases:
    on = {"repository_path": "acme/shop"}
    yield Case("devin_list_repositories", "first_page", {"limit": 1, "load_indexing_status": True})
    yield Case("devin_get_repository_indexing", "none_yet", on, live=False)
    yield Case("devin_index_repository", "branches", on | {"branch_names": ["main", "v1/next"]}, live=False)
    yield Case("devin_get_repository_indexing", "completed", on, live=False, after=90)
    yield Case("devin_unindex_repository_branch", "slash", on | {"branch_name": "v1/next"}, live=False)
    yield Case("devin_list_indexed_repositories", "first_page", {"limit": 1})
    yield Case("devin_unindex_repository", "removed", on, live=False)
    many = [{"repository_path": path} for path in ("acme/shop", "acme/search")]
    yield Case("devin_index_repositories", "two", {"repositories": many}, live=False)
    yield Case(
        "devin_unindex_repositories", "two", {"repository_paths": ["acme/shop", "acme/search"]}, live=False
    )
