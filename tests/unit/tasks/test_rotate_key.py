"""The rotation of a key: in the file before the old one is revoked, and each failure says what is left."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from support.driving import Driver, ok
from support.laws import for_every
from support.simulated_api import simulated

from devin_tools import (
    Client,
    GetSelf,
    ListServiceUserKeys,
    RotateKeyIntoFile,
    RotateServiceUserKey,
    Simulator,
)
from devin_tools.client.preview import preview
from devin_tools.errors import (
    Ambiguous,
    ConnectionLost,
    DevinToolsError,
    FileFault,
    Forbidden,
    InvalidArguments,
    Refused,
    ServerFault,
    Unauthenticated,
    UnexpectedResponse,
)
from devin_tools.flow import KeepSecret
from devin_tools.simulator import Faults, service_users
from devin_tools.wire import Request, Response

USER = "service-user-organization"
OLD = f"apikey-{2:032x}"
TOKEN = "cog_CANARY0123456789"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where to keep the key, beside the folder that models send files from."""
    (tmp_path / "files").mkdir()
    return tmp_path / "key"


@pytest.fixture
def owner(simulator: Simulator, file: Path) -> Iterator[Client]:
    with Client(**simulator.connection(), file_root=str(file.parent / "files"), guards=()) as client:
        yield client


def rotation(file: Path | str = "key", **more: Any) -> RotateKeyIntoFile:
    return RotateKeyIntoFile(service_user_id=USER, api_key_id=OLD, file=str(file), **more)


def states(client: Client) -> dict[str, bool]:
    listed = client.run(ListServiceUserKeys(service_user_id=USER, status="all"))
    return {key.api_key_id: bool(key.is_active) for key in listed.api_keys}


def test_the_new_key_is_in_the_file_and_the_old_one_is_revoked(
    owner: Client, simulator: Simulator, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    output = owner.run(rotation(file, name="CI", expires_at=int(simulator.clock.now()) + 60))
    token = file.read_text().removesuffix("\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and output.file == str(file.resolve())
    assert states(owner) == {OLD: False, output.api_key_id: True}
    assert (output.api_key_name, output.revoked_api_key_id) == ("CI", OLD)
    with Client(**simulator.connection() | {"api_key": token}) as new:
        assert new.run(GetSelf()).service_user_id == USER
    told = f"{output!r} {output.model_dump_json()} {caplog.text} {simulator.world.audit_log}"
    assert token.startswith("cog_") and token not in told


def test_a_client_can_rotate_the_key_that_it_has_itself(
    owner: Client, simulator: Simulator, file: Path
) -> None:
    user = service_users.service_users(simulator.world).find("service-user-enterprise")
    own = service_users.mint(simulator.world, user, "own", None)
    mine = {"service_user_id": "service-user-enterprise", "api_key_id": own["api_key_id"]}
    with Client(
        **simulator.connection() | {"api_key": own["token"]}, file_root=str(file.parent / "files")
    ) as c:
        c.run(RotateKeyIntoFile(**mine, file="../key"))
        with pytest.raises(Unauthenticated):
            c.run(GetSelf())
    with Client(**simulator.connection() | {"api_key": file.read_text().strip()}) as new:
        assert new.run(GetSelf()).service_user_id == "service-user-enterprise"


@pytest.mark.parametrize("place", ["files/key", "taken", "nowhere/key"])
def test_nothing_is_made_where_no_file_can_be(
    owner: Client, simulator: Simulator, file: Path, place: str
) -> None:
    (file.parent / "taken").write_text("mine")
    with pytest.raises(FileFault, match="No key was made, and none revoked"):
        owner.run(rotation(file.parent / place))
    assert simulator.requests == [] and (file.parent / "taken").read_text() == "mine"


def test_nothing_is_made_for_a_key_that_is_not_active(
    owner: Client, simulator: Simulator, file: Path
) -> None:
    owner.run(RotateServiceUserKey(service_user_id=USER, api_key_id=OLD))
    before = states(owner)
    with pytest.raises(InvalidArguments, match="not an active key"):
        owner.run(rotation(file))
    assert states(owner) == before and not file.exists()


def test_the_rules_hold_for_its_parts(simulator: Simulator, file: Path) -> None:
    options = simulator.connection() | {"file_root": str(file.parent / "files"), "guards": ()}
    for rule, left in (
        ({"read_only": True}, []),
        ({"confirm": True}, []),
        ({"denied_tools": ["devin_create_service_user_key"]}, ["GET"]),
        ({"denied_tools": ["devin_revoke_service_user_key"]}, ["GET", "POST", "GET"]),
    ):
        before = len(simulator.requests)
        file.unlink(missing_ok=True)
        with Client(**options | rule) as client, pytest.raises(Refused) as caught:
            client.run(rotation(file))
        assert [method for method, _ in simulator.requests[before:]] == left
        assert file.exists() == (len(left) > 1)
    assert "The new key" in caught.value.hint and "was not revoked" in caught.value.hint


def test_a_preview_makes_no_file(owner: Client, file: Path) -> None:
    shown = preview(rotation(file), owner.settings)
    assert [request.method for request in shown.requests] == ["GET", "POST"] and not file.exists()


def answers(*, new: bool = False, revoked: bool = False) -> Response:
    keys = [{"api_key_id": OLD, "api_key_name": "CI", "is_active": not revoked}]
    return ok({"items": keys + [{"api_key_id": "apikey-new", "is_active": True}] * new})


MINTED = ok({"api_key_id": "apikey-new", "api_key_name": "CI", "token": TOKEN})
SELF = ok({"principal_type": "service_user", "service_user_id": USER})
GONE = ok({"api_key_id": OLD, "is_active": False})
NO_KEY = Response(401, b"{}")


def failing(*answers: Any, write: DevinToolsError | None = None) -> tuple[DevinToolsError, Driver]:
    """Run the flow to its failure; return that and what was done."""
    driver = Writing(answers, write)
    with pytest.raises(DevinToolsError) as caught:
        driver.run(rotation().flow())
    assert TOKEN not in f"{caught.value} {caught.value.as_dict()} {driver.steps!r}"
    return caught.value, driver


class Writing(Driver):
    """A driver whose disk may fail when the key is written."""

    def __init__(self, answers: Any, write: DevinToolsError | None) -> None:
        super().__init__(answers)
        self._write = write

    def _reply(self, step: Any) -> Any:
        if isinstance(step, KeepSecret) and step.action == "write" and self._write:
            return self._write
        return super()._reply(step)


def actions(driver: Driver) -> list[str]:
    return [step.action for step in driver.kept(KeepSecret)]


LOST = ConnectionLost("lost")


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (answers(new=True), "token that nobody got: apikey-new. Revoke it"),
        (answers(), "shows no new one by now"),
        (Forbidden("no", status=403), "Whether a key was made is not known"),
    ],
)
def test_a_key_whose_answer_was_lost_is_told_and_not_made_again(listed: Any, said: str) -> None:
    error, driver = failing(answers(), LOST, listed)
    assert isinstance(error, Ambiguous) and said in error.hint
    assert f"The old key {OLD} works as before" in error.hint
    assert len(driver.writes) == 1 and actions(driver) == ["reserve", "release"]


def test_a_refusal_to_make_one_leaves_everything_as_it_was() -> None:
    error, driver = failing(answers(), Response(403, b'{"detail": "no"}'))
    assert isinstance(error, Forbidden) and "No key was made" in error.hint
    assert actions(driver) == ["reserve", "release"]


@pytest.mark.parametrize(
    ("revoking", "said"),
    [(GONE, "was revoked again"), (Response(500, b"{}"), "could not be revoked: revoke it")],
)
def test_a_key_that_could_not_be_written_is_revoked_again(revoking: Response, said: str) -> None:
    error, driver = failing(answers(), MINTED, revoking, write=FileFault("full"))
    assert isinstance(error, FileFault) and said in error.hint and "works as before" in error.hint
    assert driver.writes[-1].path.endswith("/api-keys/apikey-new")


@pytest.mark.parametrize(
    "token", ["", f"{TOKEN}\u20ac", f"{TOKEN}\ud800", f"{TOKEN}\r\nX-Other: 1", f"{TOKEN} x"]
)
def test_a_key_that_no_request_could_carry_is_revoked_again_and_not_quoted(token: str) -> None:
    made = ok({"api_key_id": "apikey-new", "api_key_name": "CI", "token": token})
    error, driver = failing(answers(), made, GONE)
    assert isinstance(error, UnexpectedResponse) and "apikey-new was revoked again" in error.hint
    assert actions(driver) == ["reserve", "release"]


def test_no_key_is_made_where_the_list_does_not_show_the_old_one() -> None:
    error, driver = failing(ok({"items": []}))
    assert isinstance(error, InvalidArguments) and "No key was made" in error.hint and not driver.writes


@pytest.mark.parametrize(
    ("tries", "kind"),
    [
        ([NO_KEY] * 4, Unauthenticated),
        ([ok({"service_user_id": "service-user-other"})], UnexpectedResponse),
        ([Response(500, b"{}")], ServerFault),
    ],
)
def test_the_old_key_stays_while_the_new_one_is_not_seen_to_work(tries: list[Any], kind: Any) -> None:
    error, driver = failing(answers(), MINTED, *tries)
    assert type(error) is kind and "was not seen to work" in error.hint and "was not revoked" in error.hint
    assert [request.method for request in driver.writes] == ["POST"]


def test_a_new_key_is_tried_again_until_it_is_known() -> None:
    driver = Driver([answers(), MINTED, NO_KEY, NO_KEY, SELF, GONE])
    assert driver.run(rotation().flow()).api_key_id == "apikey-new"
    tried = [request for request in driver.requests if request.api_key]
    assert {request.api_key.get_secret_value() for request in tried if request.api_key} == {TOKEN}
    assert [request.path for request in tried] == ["/v3/self"] * 3 and driver.pauses == [1.0, 2.0]


@pytest.mark.parametrize("found", [answers(revoked=True), ok({"items": [{"api_key_id": "x"}]}), NO_KEY])
@pytest.mark.parametrize("answer", [LOST, Response(404, b"{}")])
def test_a_lost_answer_of_the_revocation_is_looked_up(answer: Any, found: Response) -> None:
    driver = Driver([answers(), MINTED, SELF, answer, found])
    assert driver.run(rotation().flow()).revoked_api_key_id == OLD


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([LOST, answers()], "works still, by its list"),
        ([Response(500, b"{}"), Forbidden("no", status=403)], "may work still: look at the list"),
        ([LOST, ok({"items": []})], "may work still: look at the list"),
        ([Response(404, b"{}"), answers()], "works still, by its list"),
        ([Response(403, b"{}")], "was not revoked"),
    ],
)
def test_what_is_left_when_the_old_key_cannot_be_revoked(after: list[Any], said: str) -> None:
    error, driver = failing(answers(), MINTED, SELF, *after)
    assert "The new key apikey-new is in" in error.hint and f"The old key {OLD} {said}" in error.hint
    assert actions(driver) == ["reserve", "write"]


def works(simulator: Simulator, token: str) -> bool:
    with Client(**simulator.connection() | {"api_key": token}, guards=()) as client:
        try:
            return client.run(GetSelf()).service_user_id == USER
        except Unauthenticated:
            return False


@for_every("seed", lambda: range(40))
def test_whatever_fails_somebody_has_a_key_that_works(seed: int, tmp_path: Path) -> None:
    """Each kind of fault of the simulator may meet each request."""
    files = tmp_path / str(seed) / "files"
    files.mkdir(parents=True)
    simulator, place = simulated(), files.parent / "key"
    user = service_users.service_users(simulator.world).find(USER)
    old = service_users.mint(simulator.world, user, "old", None)
    before = [token for token in simulator.world.tokens.values() if token.service_user_id == USER]
    options = simulator.connection() | {"file_root": str(files), "guards": (), "max_tries": 2}
    call = RotateKeyIntoFile(service_user_id=USER, api_key_id=old["api_key_id"], file=str(place))
    simulator.faults = Faults(0.4, seed=seed)
    with Client(**options) as client:
        try:
            client.run(call)
            is_done = True
        except DevinToolsError as error:
            is_done, told = False, f"{error} {error.as_dict()}"
            assert error.more_hints, "it says which keys there are"
            assert not any(token in told for token in simulator.world.tokens)
    simulator.faults = None
    kept = place.read_text().strip() if place.exists() else ""
    assert not is_done or (works(simulator, kept) and not works(simulator, old["token"]))
    assert works(simulator, old["token"]) or works(simulator, kept)
    made = [token for token in simulator.world.tokens.values() if token.service_user_id == USER]
    assert len(made) - len(before) <= 1, "a second key was made"


def test_the_key_leaves_for_the_place_that_it_was_made_for_and_is_masked_there(file: Path) -> None:
    """What the API says of the new key in a refusal does not repeat it."""
    simulator = simulated()
    with Client(**simulator.connection(), guards=()) as client, pytest.raises(Unauthenticated) as caught:
        asked = Request("GET", "/v3/self", api_key=SecretStr("bad_key_0123"))
        client.drive(_sent(asked))
    assert "bad_key_0123" not in str(caught.value) + repr(asked) + json.dumps(caught.value.as_dict())


def _sent(request: Request) -> Any:
    from devin_tools.api import Principal
    from devin_tools.codec import decode

    return decode(Principal, (yield request), {})
