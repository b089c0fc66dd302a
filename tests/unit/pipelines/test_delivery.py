"""What sinks send goes where a person said, or is told as not sent."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from support.laws import for_every

from devin_tools.errors import SinkFailed
from devin_tools.pipelines.delivery import SinkTransport


def post(url: str, *places: str) -> list[str]:
    """Post to an address that sends to others; return the addresses that were asked."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers=[(b"location", place.encode()) for place in places])

    transport = SinkTransport(transport=httpx.MockTransport(answer), pause=0.0)
    with pytest.raises(SinkFailed):
        asyncio.run(transport.post(url, b"{}", {}))
    return asked


@for_every(
    "place", lambda: ["https://b.example/", "https://xn--/x", "https://[", "javascript:x", "a" * 70_000]
)
def test_where_a_sink_is_sent_on_to_is_not_looked_at(place: str) -> None:
    assert post("https://a.example/", place) == ["https://a.example/"]


@for_every(
    "url", lambda: ["https://xn--/x", "https://xn--a.example/x", "https://\u0661.example/", "https://["]
)
def test_an_address_that_is_none_is_told_as_a_failure(url: str) -> None:
    assert post(url) == []


def test_a_sink_is_asked_again_after_the_time_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([(429, "3"), (503, "3600"), (500, None), (200, None)])
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def answer(request: httpx.Request) -> httpx.Response:
        status, seconds = next(answers)
        return httpx.Response(status, headers={} if seconds is None else {"Retry-After": seconds})

    monkeypatch.setattr(asyncio, "sleep", sleep)
    asyncio.run(SinkTransport(transport=httpx.MockTransport(answer)).post("https://a.example/", b"{}", {}))
    assert 3 <= waits[0] <= 3.5 and 8 <= waits[1] <= 8.5 and 0 <= waits[2] <= 8


def test_a_sink_behind_a_proxy_that_cannot_be_used_is_told_by_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://CANARY")
    monkeypatch.setenv("NO_PROXY", "[")
    with pytest.raises(SinkFailed, match="HTTPS_PROXY") as caught:
        asyncio.run(SinkTransport().post("https://a.example/", b"{}", {}))
    assert "CANARY" not in str(caught.value)
