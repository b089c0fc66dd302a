"""A caller stays while the server is away, however its client says that it is."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.service import RPCError, RPCStatusCode

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
