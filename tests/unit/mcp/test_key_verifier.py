"""A key is let in only when the API knows it, and strangers cost little."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from support.laws import for_every
from support.loops import on_a_loop

from devin_tools import AsyncClient, Settings
from devin_tools.errors import ConnectionLost, RateLimited, ServerFault, Unauthenticated
from devin_tools.mcp.key_verifier import AT_ONCE, BAD_SECONDS, GOOD_SECONDS, WAITING, KeyProbe, KeyVerifier


class Api:
    """Knows one key, and counts who asks."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.now = 1.0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, key: SecretStr) -> bool:
        self.asked.append(key.get_secret_value())
        await self.gate.wait()
        return key.get_secret_value() == "cog_good"

    def proofs(self, **given: Any) -> KeyVerifier:
        return KeyVerifier(self, now=lambda: self.now, **given)


async def refusal(proofs: KeyVerifier, key: str) -> type[Exception] | None:
    try:
        await proofs.check(SecretStr(key))
    except (RateLimited, ServerFault, Unauthenticated) as error:
        assert key not in str(error.as_dict())
        return type(error)
    return None


@on_a_loop
async def test_each_key_is_asked_about_once_for_a_while() -> None:
    api = Api()
    proofs = api.proofs()
    for _ in range(3):
        assert await refusal(proofs, "cog_good") is None
        assert await refusal(proofs, "cog_bad") is Unauthenticated
    assert api.asked == ["cog_good", "cog_bad"]
    api.now += BAD_SECONDS
    await refusal(proofs, "cog_bad"), await refusal(proofs, "cog_good")
    assert api.asked == ["cog_good", "cog_bad", "cog_bad"]
    api.now += GOOD_SECONDS
    await refusal(proofs, "cog_good")
    assert api.asked[-1] == "cog_good"


@on_a_loop
async def test_many_calls_at_once_with_one_key_ask_once() -> None:
    api = Api()
    proofs = api.proofs()
    assert await asyncio.gather(*(refusal(proofs, "cog_good") for _ in range(20))) == [None] * 20
    assert api.asked == ["cog_good"]


@on_a_loop
async def test_made_up_keys_are_asked_about_few_at_a_time_and_keep_out_nobody_who_is_known() -> None:
    api = Api()
    proofs = api.proofs()
    await proofs.check(SecretStr("cog_good"))
    api.gate.clear()
    flood = [asyncio.create_task(refusal(proofs, f"cog_{n}")) for n in range(AT_ONCE + WAITING)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(api.asked) == 1 + AT_ONCE
    assert await refusal(proofs, "cog_one_more") is RateLimited
    assert await refusal(proofs, "cog_good") is None
    api.gate.set()
    assert set(await asyncio.gather(*flood)) == {Unauthenticated}


@on_a_loop
async def test_what_is_kept_of_keys_is_bounded_and_bad_ones_push_out_no_good_one() -> None:
    api = Api()
    proofs = api.proofs(most=5)
    await proofs.check(SecretStr("cog_good"))
    for number in range(50):
        await refusal(proofs, f"cog_{number}")
    assert len(proofs._unknown) == 5
    await proofs.check(SecretStr("cog_good"))
    assert api.asked.count("cog_good") == 1


@on_a_loop
async def test_where_the_api_does_not_say_nobody_is_let_in_and_nothing_is_kept() -> None:
    async def ask(key: SecretStr) -> bool:
        raise ConnectionLost("No answer.")

    proofs = KeyVerifier(ask)
    assert await refusal(proofs, "cog_good") is ServerFault
    assert not proofs._known and not proofs._unknown and not proofs._asking


ANSWERS = [
    (200, None),
    (401, Unauthenticated),
    (403, Unauthenticated),
    (500, ServerFault),
    (429, ServerFault),
]


@for_every("status, refused", lambda: ANSWERS)
@on_a_loop
async def test_the_api_is_asked_with_the_callers_key_whatever_callers_may_do(
    status: int, refused: type[Exception] | None
) -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.headers["authorization"]))
        return httpx.Response(status, json={"detail": "x"})

    settings = Settings(allowed_tools=("devin_get_session",), denied_tools=("devin_get_self",))
    asker = KeyProbe(settings, lambda s: AsyncClient(s, transport=httpx.MockTransport(answer), guards=()))
    assert await refusal(KeyVerifier(asker), "cog_mine") is refused
    assert seen == [("/v3/self", "Bearer cog_mine")]
    await asker.aclose()


@on_a_loop
async def test_a_dry_run_asks_nothing() -> None:
    def connect(settings: Settings) -> AsyncClient:
        pytest.fail("nothing may be sent")

    assert await refusal(KeyVerifier(KeyProbe(Settings(dry_run=True), connect)), "cog_mine") is None
