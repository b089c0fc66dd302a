"""Playbooks, notes and secrets, as the acceptance tests of the vendor's Terraform provider find them; ids, as
published clients use them on the live API.
"""

from __future__ import annotations

import pytest
from support.simulated_api import Api

from devin_tools import Client, Simulator
from devin_tools.api import CreateSecret, DeleteSecret
from devin_tools.errors import Forbidden

PLAYBOOK = {"title": "t", "body": "b"}
NOTE = {"name": "n", "body": "b", "trigger": "t"}


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator)


def test_a_playbook_keeps_the_macro_that_is_left_out_and_loses_it_by_null(api: Api) -> None:
    made = api("POST", "/playbooks", PLAYBOOK | {"macro": "!m"})[1]
    path = f"/playbooks/{made['playbook_id']}"
    assert api("PUT", path, PLAYBOOK | {"title": "u"})[1]["macro"] == "!m"
    assert api("PUT", path, PLAYBOOK | {"macro": None})[1]["macro"] is None


def test_a_macro_begins_with_an_exclamation_mark(api: Api) -> None:
    status, problem = api("POST", "/playbooks", PLAYBOOK | {"macro": "bad"})
    assert (status, problem["errors"][0]["loc"]) == (422, ["body", "macro"])


def test_a_note_takes_a_repository_with_its_host_and_loses_what_is_left_out(api: Api) -> None:
    repo = "github.com/example/pinned-repo"
    made = api("POST", "/knowledge/notes", NOTE | {"pinned_repo": repo})[1]
    path = f"/knowledge/notes/{made['note_id']}"
    folder = api("GET", "/knowledge/folders")[1]["folders"][0]["folder_id"]
    assert made["pinned_repo"] == repo
    for left_out in (NOTE | {"pinned_repo": None, "folder_id": None}, NOTE):
        filed = api("PUT", path, NOTE | {"pinned_repo": repo, "folder_id": folder})[1]
        assert (filed["pinned_repo"], filed["folder_id"]) == (repo, folder)
        cleared = api("PUT", path, left_out)[1]
        assert (cleared["pinned_repo"], cleared["folder_id"]) == (None, None)
    assert api("DELETE", path)[0] == 200
    assert api("GET", path)[0] == 404


def test_a_secret_that_is_gone_is_forbidden_and_the_advice_says_so(api: Api, client: Client) -> None:
    secret = client.run(CreateSecret(key="K", value="v", secret_type="key-value"))
    path = f"/secrets/{secret.secret_id}"
    assert [api("DELETE", path)[0] for _ in range(2)] == [200, 403]
    with pytest.raises(Forbidden, match="list the secrets to see whether it was deleted"):
        client.run(DeleteSecret(secret_id=secret.secret_id))


def test_an_id_is_taken_as_an_answer_gives_it(api: Api) -> None:
    bare = api("POST", "/sessions", {"prompt": "p"})[1]["session_id"]
    assert not bare.startswith("devin-")
    for path in (f"/sessions/{bare}", f"/sessions/{bare}/messages", f"/sessions/{bare}/tags"):
        assert api("GET", path)[0] == 200
    assert api("POST", f"/sessions/{bare}/messages", {"message": "m"})[0] == 200
    assert api("GET", "/sessions", session_ids=bare)[1]["total"] == 1
    assert api("DELETE", f"/sessions/{bare}")[1]["session_id"] == bare
