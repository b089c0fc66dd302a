"""Blueprints of the simulator: versions behind links, an order, files with variables, and two permissions."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from support.simulated_api import simulated

from devin_tools import (
    Client,
    CreateBlueprint,
    DeleteBlueprint,
    DeleteBlueprintFile,
    GetBlueprint,
    GetBlueprintContents,
    ListBlueprintFiles,
    ListBlueprints,
    ListBuilds,
    Simulator,
    UpdateBlueprint,
    UploadBlueprintFile,
)
from devin_tools.errors import BadRequest, Conflict, Forbidden, NotFound
from devin_tools.simulator.principals import OTHER_ORG_ID


def text_at(simulator: Simulator, url: str) -> httpx.Response:
    with httpx.Client(transport=simulator.transport()) as http:
        return http.get(url)


def names_of(client: Client) -> list[str | None]:
    return [one.repo_name for one in client.run(ListBlueprints()).blueprints]


def test_a_change_is_a_new_version_behind_new_links_and_starts_no_build(
    simulator: Simulator, client: Client
) -> None:
    made = client.run(CreateBlueprint(contents="initialize: a\n", repo_name="acme/shop"))
    on = {"blueprint_id": made.blueprint_id}
    before = client.run(GetBlueprintContents(**on))
    simulator.clock.step(60)
    changed = client.run(UpdateBlueprint(**on, contents="initialize: b\n"))
    assert changed == client.run(GetBlueprint(**on))
    assert (changed.type, changed.created_at, changed.updated_at) == (
        "repo",
        made.created_at,
        (made.updated_at or 0) + 60,
    )
    after = client.run(GetBlueprintContents(**on))
    assert text_at(simulator, after.url).text == "initialize: b\n"
    assert text_at(simulator, before.url).text == "initialize: a\n"
    assert client.run(ListBuilds()).builds == []


def test_a_link_is_good_for_ten_minutes_and_takes_no_key(simulator: Simulator, client: Client) -> None:
    made = client.run(CreateBlueprint())
    link = client.run(GetBlueprintContents(blueprint_id=made.blueprint_id))
    assert link.expires_at == int(simulator.clock.now()) + 600
    simulator.clock.step(599)
    assert text_at(simulator, link.url).content == b""  # it is blank
    simulator.clock.step(2)
    assert text_at(simulator, link.url).status_code == 403


def test_they_are_listed_as_a_build_runs_them(client: Client) -> None:
    made = {repo: client.run(CreateBlueprint(repo_name=repo)) for repo in ("acme/a", "acme/b", None)}
    assert names_of(client) == [None, "acme/a", "acme/b"]
    client.run(UpdateBlueprint(blueprint_id=made["acme/b"].blueprint_id, position=-1))
    assert names_of(client) == [None, "acme/b", "acme/a"]
    (one,) = client.run(ListBlueprints(repo_name="acme/a")).blueprints
    assert one.blueprint_id == made["acme/a"].blueprint_id
    with pytest.raises(BadRequest, match="position"):
        client.run(UpdateBlueprint(blueprint_id=made[None].blueprint_id, position=1))


def test_the_variable_of_a_file_is_taken_once(folder_for_files: Path, client: Client) -> None:
    on = {"blueprint_id": client.run(CreateBlueprint()).blueprint_id}
    file = client.run(UploadBlueprintFile(**on, path="note.txt", name="pip.conf"))
    assert (file.env_var_name, file.size_bytes) == ("FILE_PIP_CONF", len("A note.\n"))
    assert client.run(ListBlueprintFiles(**on)).files == [file]
    with pytest.raises(Conflict, match="FILE_PIP_CONF"):
        client.run(UploadBlueprintFile(**on, path="note.txt", name="PIP conf"))
    assert client.run(DeleteBlueprintFile(**on, file_id=file.file_id)).done
    assert client.run(ListBlueprintFiles(**on)).files == []
    with pytest.raises(NotFound):
        client.run(DeleteBlueprintFile(**on, file_id=file.file_id))
    client.run(UploadBlueprintFile(**on, path="note.txt", name="PIP conf"))
    other = client.run(CreateBlueprint())
    client.run(UploadBlueprintFile(blueprint_id=other.blueprint_id, path="note.txt", name="pip.conf"))
    assert (folder_for_files / "note.txt").exists()  # what was sent is a copy


def test_one_that_is_deleted_is_gone(client: Client) -> None:
    on = {"blueprint_id": client.run(CreateBlueprint()).blueprint_id}
    client.run(DeleteBlueprint(**on))
    for call in (GetBlueprint(**on), GetBlueprintContents(**on), ListBlueprintFiles(**on)):
        with pytest.raises(NotFound):
            client.run(call)  # type: ignore[arg-type]
    assert client.run(ListBlueprints()).blueprints == []


def test_the_one_for_all_repositories_needs_another_permission() -> None:
    of_repos = {"ManageRepoBlueprints"}
    simulator = simulated(keys={"cog_repos": of_repos, "cog_all": of_repos | {"ManageOrgSnapshots"}})
    with Client(**simulator.connection() | {"api_key": "cog_all"}) as client:
        whole = {"blueprint_id": client.run(CreateBlueprint()).blueprint_id}
    with Client(**simulator.connection() | {"api_key": "cog_repos"}) as client:
        client.run(CreateBlueprint(repo_name="acme/shop"))
        assert client.run(GetBlueprint(**whole)).type == "org"
        for call in (CreateBlueprint(), UpdateBlueprint(**whole, contents="a: b"), DeleteBlueprint(**whole)):
            with pytest.raises(Forbidden, match="ManageOrgSnapshots"):
                client.run(call)  # type: ignore[arg-type]


def test_each_organisation_has_its_own(simulator: Simulator, client: Client) -> None:
    made = client.run(CreateBlueprint())
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as other:
        assert other.run(ListBlueprints()).blueprints == []
        with pytest.raises(NotFound):
            other.run(GetBlueprint(blueprint_id=made.blueprint_id))
