"""Blueprints: what is sent for their files and changes, and that their links stay out of sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from support.driving import Driver

from devin_tools import (
    Client,
    CreateBlueprint,
    GetBlueprintContents,
    ListBlueprintFiles,
    ListBlueprints,
    Simulator,
    UpdateBlueprint,
    UpdateEnterpriseBlueprint,
    UploadBlueprintFile,
    describe,
)
from devin_tools.errors import Ambiguous, FileFault, InvalidArguments
from devin_tools.wire import Response

URL = "https://files.example/signed?key=abc"


def test_a_list_is_read_from_data_or_bare() -> None:
    rows = b'[{"blueprint_id": "b"}]'
    for body in (rows, b'{"data": ' + rows + b"}"):
        listed = Driver([Response(200, body)]).run(ListBlueprints().flow())
        assert [one.blueprint_id for one in listed.blueprints] == ["b"]


def test_a_file_travels_as_a_form_and_its_name_in_the_query(folder_for_files: Path) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        sent.append(request)
        return httpx.Response(201, json={"file_id": "file-1", "env_var_name": "FILE_A_B"})

    with Client(api_key="cog_key", org_id="org-1", transport=httpx.MockTransport(answer)) as client:
        file = client.run(UploadBlueprintFile(blueprint_id="b|1", path="note.txt", name="a b"))
    assert (file.file_id, file.env_var_name) == ("file-1", "FILE_A_B")
    (request,) = sent
    path = b"/v3beta1/organizations/org-1/snapshot-setup/blueprints/b%7C1/files?name=a+b"
    assert (request.method, request.url.raw_path) == ("POST", path)
    assert b'name="file"; filename="note.txt"' in request.content and b"A note." in request.content


def test_a_file_outside_the_folder_for_files_is_not_sent(
    folder_for_files: Path, client: Client, simulator: Simulator
) -> None:
    with pytest.raises(FileFault):
        client.run(UploadBlueprintFile(blueprint_id="b", path="/etc/passwd", name="x"))
    assert simulator.requests == []


def test_a_change_of_nothing_is_refused_before_it_is_sent(client: Client, simulator: Simulator) -> None:
    with pytest.raises(InvalidArguments, match="nothing to change"):
        client.run(UpdateBlueprint(blueprint_id="b"))
    assert simulator.requests == []


@pytest.mark.parametrize("empty", ["", "undefined", "null"])
def test_yaml_that_a_program_lost_replaces_nothing(empty: str) -> None:
    for tool in (UpdateBlueprint, UpdateEnterpriseBlueprint):
        with pytest.raises(InvalidArguments):
            tool(blueprint_id="b", contents=empty)


def test_a_link_is_printed_by_no_repr_and_its_tool_is_private() -> None:
    body = b'{"url": "%s", "expires_at": 1767226200}' % URL.encode()
    link = Driver([Response(200, body)]).run(GetBlueprintContents(blueprint_id="b").flow())
    assert link.url == URL and "abc" not in repr(link)
    assert describe(GetBlueprintContents).effect.is_private


@pytest.mark.parametrize(
    "call", [CreateBlueprint(), UploadBlueprintFile(blueprint_id="b", path="note.txt", name="n")]
)
def test_what_may_have_been_made_is_not_made_again(call: Any, folder_for_files: Path) -> None:
    count = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        return httpx.Response(500)

    transport = httpx.MockTransport(answer)
    with Client(api_key="cog_key", org_id="org-1", transport=transport) as client, pytest.raises(Ambiguous):
        client.run(call)
    assert count == 1


def test_what_is_unknown_of_a_file_is_kept() -> None:
    body = b'{"data": [{"file_id": "f", "sha256": "x"}]}'
    listed = Driver([Response(200, body)]).run(ListBlueprintFiles(blueprint_id="b").flow())
    assert listed.files[0].model_extra == {"sha256": "x"}
