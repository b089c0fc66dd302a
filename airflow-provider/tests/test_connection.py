"""The test button of a connection, and what a connection means for its clients."""

from __future__ import annotations

import json

import pytest
from airflow.models import Connection
from airflow.providers.devin.tools.hook import DevinHook
from conftest import KEY

from devin_tools import CreateSession
from devin_tools.errors import MissingSetting, Refused


def pressed(monkeypatch, fields) -> tuple[bool, str]:
    """Do what the button does: put the form in the environment as a URI, and ask the hook."""
    connection = Connection(conn_id="transient", **fields | {"extra": json.dumps(fields.get("extra", {}))})
    monkeypatch.setenv("AIRFLOW_CONN_TRANSIENT", connection.get_uri())
    return connection.test_connection()


def test_a_good_key_connects(connection, monkeypatch, simulator):
    is_good, message = pressed(monkeypatch, connection)
    assert is_good, message
    assert simulator.world.org_id in message and KEY not in message


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "key"),
        ({"password": ""}, "password"),
        ({"password": "apk_old"}, "legacy"),
        ({"host": "http://127.0.0.1:9"}, "refused the connection"),
        ({"host": "http://elsewhere.example"}, "https"),
        ({"extra": {"max_acus": 5}}, "max_acus"),
        ({"extra": {"org_id": "org-of-somebody-else"}}, ""),
    ],
)
def test_a_bad_connection_says_why(connection, monkeypatch, change, says):
    is_good, message = pressed(monkeypatch, connection | change)
    assert not is_good
    assert says in message and KEY not in message


def test_key_host_and_organisation_never_come_from_the_environment(connection, monkeypatch, simulator):
    monkeypatch.setenv("DEVIN_API_KEY", "cog_of_the_environment")
    monkeypatch.setenv("DEVIN_BASE_URL", "https://elsewhere.example")
    monkeypatch.setenv("DEVIN_ORG_ID", "org-of-the-environment")
    settings = DevinHook().settings()
    assert settings.require_key() == KEY
    assert (settings.base_url, settings.org_id) == (connection["host"], simulator.world.org_id)
    del connection["password"]
    monkeypatch.setenv("AIRFLOW_CONN_DEVIN_DEFAULT", json.dumps(connection))
    with pytest.raises(MissingSetting):
        DevinHook().settings()


def test_rules_hold_from_the_connection_and_from_the_environment(connection, monkeypatch):
    connection["extra"]["max_acu"] = 3
    monkeypatch.setenv("AIRFLOW_CONN_DEVIN_DEFAULT", json.dumps(connection))
    with DevinHook().get_conn() as client, pytest.raises(Refused, match="ceiling of 3"):
        client.run(CreateSession(prompt="x", max_acu_limit=4))
    monkeypatch.setenv("DEVIN_READ_ONLY", "1")
    with DevinHook().get_conn() as client, pytest.raises(Refused, match="only reads"):
        client.run(CreateSession(prompt="x"))
