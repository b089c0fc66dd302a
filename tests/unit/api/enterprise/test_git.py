"""Permissions name one thing each, which is checked before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools.api import (
    CreateGitPermissions,
    GitPermissionToGive,
    ListGitConnectionRepositories,
    ReplaceGitPermissions,
)
from devin_tools.api.enterprise.git import TARGETS
from devin_tools.errors import InvalidArguments

ON = {"git_connection_id": "connection-1"}


@pytest.mark.parametrize("target", TARGETS)
def test_each_path_alone_is_taken(target: str) -> None:
    wanted = GitPermissionToGive.model_validate(ON | {target: "acme/shop"})
    assert wanted.model_dump(exclude_unset=True) == ON | {target: "acme/shop"}


@pytest.mark.parametrize("paths", [{}, {"repo_path": None}, {"repo_path": "a/b", "depot_path": "//a"}])
@pytest.mark.parametrize("tool", [CreateGitPermissions, ReplaceGitPermissions])
def test_no_path_and_two_are_refused(tool: Any, paths: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments) as refused:
        tool(org_id="org-1", permissions=[ON | {"prefix_path": "acme"}, ON | paths])
    assert "exactly one of repo_path, group_prefix" in refused.value.details[0]["reason"]


def test_a_group_with_a_slash_at_its_end_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="group_prefix must not end in a slash"):
        CreateGitPermissions(org_id="org-1", permissions=[ON | {"group_prefix": "acme/"}])


def test_an_empty_list_and_more_than_200_are_refused() -> None:
    with pytest.raises(InvalidArguments) as refused:
        ReplaceGitPermissions(org_id="org-1", permissions=[])
    assert "devin_clear_git_permissions" in refused.value.details[0]["reason"]
    with pytest.raises(InvalidArguments):
        CreateGitPermissions(org_id="org-1", permissions=[ON | {"repo_path": "acme/shop"}] * 201)


def test_a_page_of_repositories_holds_a_hundred_at_most() -> None:
    assert ListGitConnectionRepositories(connection_id="c", limit=100).limit == 100
    with pytest.raises(InvalidArguments, match="limit"):
        ListGitConnectionRepositories(connection_id="c", limit=101)
