"""A key placed in the settings shows up nowhere: not in outputs, errors, logs, reprs or files."""

from __future__ import annotations

import json
import logging
import traceback
from itertools import product

import httpx
import pytest
from support.laws import for_every
from support.tools import built_in, each_kind, examples, tools

from devin_tools import Client, CreateSession, DevinToolsError, SessionSecret, Settings, Simulator
from devin_tools.export.manifest import manifest_files
from devin_tools.simulator.clock import SimulatedClock

pytestmark = pytest.mark.usefixtures("catalog")  # it is built before a test begins

KEY = "cog_CANARY_f00dfeedf00dfeed"
SECRET = "CANARY-session-secret"


def shown(error: BaseException) -> str:
    return "".join([repr(error), str(error), *traceback.format_exception(error)])


def calls(client: Client):
    made = client.run(CreateSession(prompt="Fix it.", session_secrets=[SessionSecret(key="A", value=SECRET)]))
    for spec, example in examples():
        known = {"session_id": made.session_id, "session_ids": [made.session_id]}
        yield built_in().call(spec.name, {name: known.get(name, value) for name, value in example.items()})


@pytest.fixture
def everything(caplog):
    """Collects what a user could see; the logs are added at the end."""
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    yield seen
    text = "\n".join([*seen, caplog.text])
    assert KEY not in text
    assert SECRET not in text


@pytest.mark.usefixtures("folder_for_files")
def test_no_output_or_log_of_any_tool_shows_the_key(everything):
    permissions = frozenset(spec.permission for spec in tools() if spec.permission)
    simulator = Simulator(catalog=built_in(), keys={KEY: permissions})
    with Client(api_key=KEY, transport=simulator.transport(), clock=simulator.clock) as client:
        for call in calls(client):
            everything.append(repr(call))
            try:
                everything.append(json.dumps(client.run(call).model_dump(mode="json")))
            except DevinToolsError as error:
                everything.append(shown(error) + json.dumps(error.as_dict()))
        everything.append(f"{client!r} {client.settings!r} {client.settings}")


@for_every("status", lambda: [400, 401, 403, 404, 409, 418, 422, 429, 500, 503])
def test_no_refusal_shows_the_key(everything, status):
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json={"detail": "refused"}))
    with Client(api_key=KEY, org_id="org-1", transport=transport, clock=SimulatedClock()) as client:
        with pytest.raises(DevinToolsError) as caught:
            client.run(CreateSession(prompt="x", session_secrets=[SessionSecret(key="A", value=SECRET)]))
    everything.append(shown(caught.value))


SECRETS = ("CANARY-session-secret", 'CANARY "q\\" \n ü', "env:CANARY_SECRET")


@for_every("status, secret", lambda: product([400, 409, 422, 500], SECRETS))
def test_no_refusal_that_repeats_a_secret_shows_it(everything, monkeypatch, status, secret):
    monkeypatch.setenv("CANARY_SECRET", SECRET)

    def refuse(request: httpx.Request) -> httpx.Response:
        given = json.loads(request.content)["session_secrets"][0]["value"]
        body = {"detail": [{"loc": ["body"], "msg": f"not allowed: {given}"}], "title": f"No {given}!"}
        return httpx.Response(status, content=json.dumps(body, ensure_ascii=status == 400))

    options = {"api_key": KEY, "org_id": "org-1", "guards": (), "tag_creates": False}
    with Client(**options, transport=httpx.MockTransport(refuse)) as client:
        with pytest.raises(DevinToolsError) as caught:
            client.run(CreateSession(prompt="x", session_secrets=[SessionSecret(key="A", value=secret)]))
    everything.append(shown(caught.value) + json.dumps(caught.value.as_dict()))
    assert "(a secret)" in everything[-1] and "CANARY" not in everything[-1]


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_no_network_fault_shows_the_key(everything, fault):
    def fail(request: httpx.Request) -> httpx.Response:
        raise fault(f"while sending {request.headers['authorization']}")

    transport = httpx.MockTransport(fail)
    with Client(api_key=KEY, org_id="org-1", transport=transport, clock=SimulatedClock()) as client:
        with pytest.raises(DevinToolsError) as caught:
            client.run(CreateSession(prompt="x"))
    everything.append(shown(caught.value))


@pytest.mark.parametrize("bad", [f"{KEY} \n", f"apk_{KEY}"])
def test_no_complaint_about_the_key_shows_it(everything, bad):
    with pytest.raises(DevinToolsError) as caught:
        Client(api_key=f"a\n{bad}" if bad.startswith("cog") else bad)
    everything.append(shown(caught.value))


def test_settings_never_show_the_key(everything, tmp_path, monkeypatch):
    (tmp_path / "env").write_text(f"DEVIN_API_KEY={KEY}\n")
    for settings in (Settings.load(api_key=KEY), Settings.load(env_file=tmp_path / "env")):
        everything.append(f"{settings!r} {settings} {settings.key_kind} {settings.sources}")
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    everything.append(repr(Settings.load()))
    everything += manifest_files(each_kind()).values()
