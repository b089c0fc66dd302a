"""Who may send events: whoever has a secret; without one, programs of this machine and no page."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from itertools import product
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from support.events_in import ALERT, SECRET, Told, posted, receiving, signed, within
from support.laws import for_every
from support.payload_files import FILES
from support.served_apps import until
from support.tools import built_in

from devin_tools import Simulator
from devin_tools.pipelines.signatures import sign
from devin_tools.server.webhooks import HOOK_PATHS, UNVERIFIED_AT_ONCE, secrets_of_environment

CONTENT = json.dumps(ALERT).encode()
PAGES = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8765"},
    {"Origin": "http://localhost"},
    {"Host": "rebind.evil.example"},
    {"Host": "rebind.evil.example", "Origin": "http://rebind.evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "192.168.0.7"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
]
SIMPLE = [
    "text/plain",
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "",
]
"""What a page can send to another origin without asking; a blob without a type has none."""


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_vendor_s_own_secret_goes_before_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert secrets_of_environment() == {}
    monkeypatch.setenv("DEVIN_HOOK_SECRET_GITHUB", " of-github ")
    assert secrets_of_environment() == {"github": ["of-github"]}
    monkeypatch.setenv("DEVIN_HOOK_SECRET", "of-all")
    assert secrets_of_environment() == {
        "bearer": ["of-all"], "github": ["of-github"], "sentry": ["of-all"], "pagerduty": ["of-all"],
        "grafana": ["of-all"],
    }  # fmt: skip


@for_every("headers, path", lambda: product(PAGES, HOOK_PATHS))
def test_without_a_secret_no_page_of_a_browser_starts_a_session(headers: dict[str, str], path: str) -> None:
    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    app = receiving(simulator, told, secrets=None)
    (answer,) = posted(app, {"content": CONTENT, "headers": headers}, path=path)
    assert (answer.status_code, answer.json()["success"]) == (403, False)
    assert not simulator.requests


@for_every("kind, secrets", lambda: product(SIMPLE, [None, {"bearer": [SECRET]}]))
def test_only_what_is_called_json_is_an_event(kind: str, secrets: Any) -> None:
    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    (answer,) = posted(receiving(simulator, told, secrets=secrets), signed(**{"Content-Type": kind}))
    assert (answer.status_code, answer.json()["success"]) == (415, False)
    assert not simulator.requests


FORM = "application/x-www-form-urlencoded"


@for_every("headers, status", lambda: [
    ({"Content-Type": FORM}, 200),
    ({"Content-Type": FORM, "Content-Encoding": "gzip"}, 200),
    ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 200),
    ({"Content-Type": "application/cloudevents+json"}, 200),
    ({"Content-Type": "application/json", "Content-Encoding": "br"}, 415),
    ({"Content-Type": "multipart/form-data"}, 415),
])  # fmt: skip
def test_a_sender_that_is_known_sends_forms_and_compressed_bodies(
    headers: dict[str, str], status: int
) -> None:
    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    is_form = headers["Content-Type"] == FORM
    content = b"payload=" + quote_plus(CONTENT).encode() if is_form else CONTENT
    if headers.get("Content-Encoding") == "gzip":
        content = gzip.compress(content)
    signature = {"X-Hub-Signature-256": "sha256=" + sign(SECRET, content)}
    (answer,) = posted(receiving(simulator, told), {"content": content, "headers": headers | signature})
    assert answer.status_code == status, answer.text
    assert len(simulator.world.sessions) == (status == 200)


def test_without_a_secret_no_form_is_read_for_any_page_can_send_one() -> None:
    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    request = {"content": b"payload=" + quote_plus(CONTENT).encode(), "headers": {"Content-Type": FORM}}
    (answer,) = posted(receiving(simulator, told, secrets=None), request)
    assert answer.status_code == 415 and "GitHub: Content type" in answer.json()["error"]
    assert not simulator.requests


def test_the_secret_is_taken_as_a_password_too(simulator: Simulator, told: Told) -> None:
    def basic(password: str) -> dict[str, Any]:
        credentials = base64.b64encode(f"devin:{password}".encode()).decode()
        return {"content": CONTENT, "headers": {"Authorization": f"Basic {credentials}"}}

    answers = posted(receiving(simulator, told), basic("wrong"), basic(SECRET), basic(f"{SECRET}:"))
    assert [answer.status_code for answer in answers] == [401, 200, 401]


def test_what_could_not_be_read_of_a_group_is_in_its_results(simulator: Simulator, told: Told) -> None:
    content = FILES["alertmanager/odd-ones"].read_bytes()
    (answer,) = posted(receiving(simulator, told), signed(content))
    body = answer.json()
    assert answer.status_code == 200 and len(simulator.world.sessions) == 1
    assert [(one["alert"], one["done"]) for one in body["results"]] == [
        ("Shop is slow on web-1", "created"),
        ("ShopDown", "nothing"),
        ("alerts[1].labels", "unreadable"),
    ]
    assert body["notes"][0] == "The sender left out 3 more alerts of the group."


@for_every("host", lambda: ["127.0.0.1:8765", "localhost", "[::1]:8765"])
def test_without_a_secret_programs_of_this_machine_send_events(host: str) -> None:
    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    request = {
        "content": CONTENT,
        "headers": {"Host": host, "Content-Type": "application/json; charset=utf-8"},
    }
    (answer,) = posted(receiving(simulator, told, secrets=None), request)
    assert answer.status_code == 200 and len(simulator.world.sessions) == 1


@for_every(
    "headers",
    lambda: [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {SECRET}"},
        {"X-Hub-Signature-256": "x"},
    ],
)
def test_the_body_of_who_cannot_be_a_sender_is_not_read(headers: dict[str, str]) -> None:
    """A bearer secret is in the head; and a signature needs a secret for its kind."""

    async def never() -> Any:
        raise AssertionError("the body was read")
        yield b""

    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    app = receiving(simulator, told, secrets={"bearer": [SECRET]})
    (answer,) = posted(app, {"content": never(), "headers": headers})
    assert answer.status_code == 401


def test_slow_bodies_of_strangers_take_no_room_from_senders(simulator: Simulator, told: Told) -> None:
    begun = 0

    async def slow() -> Any:
        nonlocal begun
        begun += 1
        yield b"{"
        await asyncio.Event().wait()

    signature = {"X-Hub-Signature-256": "sha256=" + sign(SECRET, CONTENT)}

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        many = 3 * UNVERIFIED_AT_ONCE
        headers = {"X-Hub-Signature-256": "sha256=00"}
        strangers = [
            asyncio.ensure_future(client.post("/hooks/alerts", content=slow(), headers=headers))
            for _ in range(many)
        ]
        await until(lambda: begun == many)
        answers = [await client.post("/hooks/alerts", **signed())]
        answers.append(await client.post("/hooks/alerts", content=CONTENT, headers=signature))
        await until(lambda: sum(each.done() for each in strangers) >= many - UNVERIFIED_AT_ONCE)
        answers += [each.result() for each in strangers if each.done()]
        for each in strangers:
            each.cancel()
        await asyncio.gather(*strangers, return_exceptions=True)
        return answers

    bearer, vendor, *strangers = within(receiving(simulator, told), work)
    assert (bearer.status_code, vendor.status_code) == (200, 200)
    assert {answer.status_code for answer in strangers} == {503}
    assert all(answer.headers["retry-after"] for answer in strangers)


def test_events_that_are_not_signed_use_up_nothing(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devin_tools.server.webhooks.EVENTS_A_MINUTE", 2)
    wrong = {"content": CONTENT, "headers": {"X-Hub-Signature-256": "sha256=00"}}
    answers = posted(receiving(simulator, told), *[wrong] * 20, signed(), signed(), signed())
    assert [answer.status_code for answer in answers] == [*[401] * 20, 200, 200, 429]
