"""The blueprint of the enterprise: one at most, apart from those of organisations, with files of its own."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from devin_tools import (
    Client,
    CreateBlueprint,
    CreateEnterpriseBlueprint,
    DeleteEnterpriseBlueprint,
    DeleteEnterpriseBlueprintFile,
    GetBlueprint,
    GetEnterpriseBlueprint,
    GetEnterpriseBlueprintContents,
    ListBlueprints,
    ListBuilds,
    ListEnterpriseBlueprintFiles,
    ListEnterpriseBlueprints,
    Simulator,
    UpdateEnterpriseBlueprint,
    UploadEnterpriseBlueprintFile,
)
from devin_tools.errors import Conflict, Forbidden, NotFound
from devin_tools.simulator.principals import ORGANIZATION_KEY


def test_there_is_one_at_most(client: Client) -> None:
    assert client.run(ListEnterpriseBlueprints()).blueprints == []
    made = client.run(CreateEnterpriseBlueprint(contents="initialize: a"))
    assert (made.type, made.repo_name) == ("enterprise", None)
    with pytest.raises(Conflict):
        client.run(CreateEnterpriseBlueprint(contents="initialize: b"))
    client.run(DeleteEnterpriseBlueprint(blueprint_id=made.blueprint_id))
    other = client.run(CreateEnterpriseBlueprint())
    assert client.run(ListEnterpriseBlueprints()).blueprints == [other]


def test_new_yaml_is_behind_a_link_and_starts_no_build(simulator: Simulator, client: Client) -> None:
    on = {"blueprint_id": client.run(CreateEnterpriseBlueprint(contents="initialize: a")).blueprint_id}
    simulator.clock.step(60)
    changed = client.run(UpdateEnterpriseBlueprint(**on, contents="initialize: b"))
    assert changed == client.run(GetEnterpriseBlueprint(**on)) and changed.updated_at != changed.created_at
    with httpx.Client(transport=simulator.transport()) as http:
        assert http.get(client.run(GetEnterpriseBlueprintContents(**on)).url).text == "initialize: b"
    assert client.run(ListBuilds()).builds == []


def test_it_and_those_of_an_organisation_are_apart(client: Client) -> None:
    whole, own = client.run(CreateEnterpriseBlueprint()), client.run(CreateBlueprint())
    assert client.run(ListBlueprints()).blueprints == [own]
    assert client.run(ListEnterpriseBlueprints()).blueprints == [whole]
    with pytest.raises(NotFound):
        client.run(GetBlueprint(blueprint_id=whole.blueprint_id))
    with pytest.raises(NotFound):
        client.run(GetEnterpriseBlueprint(blueprint_id=own.blueprint_id))


def test_its_files_are_kept_and_deleted(folder_for_files: Path, client: Client) -> None:
    on = {"blueprint_id": client.run(CreateEnterpriseBlueprint()).blueprint_id}
    file = client.run(UploadEnterpriseBlueprintFile(**on, path="note.txt", name="ca.pem"))
    assert client.run(ListEnterpriseBlueprintFiles(**on)).files == [file]
    with pytest.raises(Conflict):
        client.run(UploadEnterpriseBlueprintFile(**on, path="note.txt", name="ca.pem"))
    client.run(DeleteEnterpriseBlueprintFile(**on, file_id=file.file_id))
    assert client.run(ListEnterpriseBlueprintFiles(**on)).files == []


def test_the_key_of_an_organisation_is_refused(simulator: Simulator) -> None:
    with Client(**simulator.connection() | {"api_key": ORGANIZATION_KEY}) as client:
        with pytest.raises(Forbidden):
            client.run(ListEnterpriseBlueprints())
        assert client.run(ListBlueprints()).blueprints == []
