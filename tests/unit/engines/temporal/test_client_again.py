"""A caller stays while the server is away, whatever says so; what is not a call never gets there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from devin_tools import Catalog, GetSession, InvalidArguments
from devin_tools.engines.temporal import client as durable

AWAY = [
    (RPCStatusCode.UNAVAILABLE, "tcp connect error"),
    (RPCStatusCode.DEADLINE_EXCEEDED, "Timeout expired"),
    (RPCStatusCode.RESOURCE_EXHAUSTED, "too many"),
    (RPCStatusCode.UNKNOWN, "transport error"),
]


def asked(status: RPCStatusCode, message: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ask a server that fails twice so, and then answers."""
    faults = [RPCError(message, status, b"") for _ in range(2)]

    async def ask() -> str:
        if faults:
            raise faults.pop()
        return "the answer"

    monkeypatch.setattr(durable, "RETRY_SECONDS", 0.0)
    return asyncio.run(durable._retry_unavailable(ask))


@pytest.mark.parametrize(("status", "message"), AWAY)
def test_a_server_that_is_away_is_asked_again(
    status: RPCStatusCode, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(status, message, monkeypatch) == "the answer"


@pytest.mark.parametrize("status", [RPCStatusCode.UNKNOWN, RPCStatusCode.NOT_FOUND, RPCStatusCode.INTERNAL])
def test_what_a_server_refuses_is_raised(status: RPCStatusCode, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RPCError, match="no such thing"):
        asked(status, "no such thing", monkeypatch)


@pytest.mark.parametrize("given", [GetSession, "devin_get_session", {"session_id": "hunter2"}, None])
def test_what_is_not_a_call_is_refused_before_the_server_is_asked(given: Any) -> None:
    client = durable.DurableClient(None, catalog=Catalog())  # type: ignore[arg-type]
    for ask in (client.run(given), client.start(given), client.output(given, "id"), client.fan_out([given])):
        with pytest.raises(InvalidArguments, match="A call is an instance of a tool's class") as caught:
            asyncio.run(ask)  # type: ignore[arg-type]
        assert "hunter2" not in str(caught.value)
