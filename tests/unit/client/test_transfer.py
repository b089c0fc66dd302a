"""Links lead where they may, and no body takes more memory than its kind may."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.paths import ROOT

from devin_tools import Client, DevinToolsError
from devin_tools.api import CreateSession, DownloadAttachment, GetSelf
from devin_tools.client.exchange import MAX_ANSWER, MAX_REFUSAL
from devin_tools.client.transfer import MAX_HOPS
from devin_tools.client.unpacking import PIECE
from devin_tools.errors import ConnectionLost, Forbidden, UnexpectedResponse

FILE = {"file_id": "0f0e0d0c-0000-4000-8000-000000000000", "name": "report.txt"}

ELSEWHERE = [
    *("http://store.example/x", "ftp://store.example/x", "file:///etc/passwd", "gopher://store.example/"),
    *("http://127.0.0.1:8000/x", "http://localhost:8000/x", "http://[::1]:8000/x", "//127.0.0.1:8000/x"),
    *("https://127.0.0.1/x", "https://localhost/x", "https://LOCALHOST./x", "https://a.localhost/x"),
    *("https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "https://[::ffff:10.0.0.1]/x", "https://[::]/x"),
    *("https://169.254.169.254/latest", "https://[fe80::1]/x", "https://[fd00::1]/x", "https://0.0.0.0/x"),
    *("https://10.0.0.1/x", "https://172.16.0.1/x", "https://192.168.1.1/x", "https://100.64.0.1/x"),
    *(
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://127.1/x",
        "https://0177.0.0.1/x",
        "https://0/x",
    ),
    *(
        "https://x.0x7f.1/x",
        "https://224.0.0.1/x",
        "https://[2002:7f00:1::]/x",
        "https://[64:ff9b::7f00:1]/x",
    ),
    *(
        "https://intranet/x",
        "https://nas.local/x",
        "https://metadata.google.internal/x",
        "https://r.home.arpa/",
    ),
    *("https://user:pw@store.example/x", "https://user@store.example/x", "https://:pw@store.example/x"),
    *("https://api.devin.ai:pw@store.example/x", "https://127。0。0。1/x", "https://ⓛocalhost/x"),
    *("http:store", "https://[", "https://a b/", "https://a_b\u2100/", "/round"),
]
PUBLIC = [
    "https://store.example/x",
    "https://store.example:8443/x",
    "https://8.8.8.8/x",
    "https://[2606:4700::1]/x",
]
PUBLIC += ["//store.example/x", "HTTPS://STORE.EXAMPLE/x"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def client_over(answer: Callable[[httpx.Request], httpx.Response], **settings: Any) -> Client:
    options = {"api_key": "cog_x", "org_id": "org-1", "file_overwrite": True, "max_tries": 1, "guards": ()}
    return Client(**options | settings, transport=httpx.MockTransport(answer))


@pytest.fixture
def led(folder: Path) -> Callable[..., list[httpx.URL]]:
    """Return a function that follows a download to a place, and returns where requests went."""

    def go(place: str, api: str = "https://api.devin.ai") -> list[httpx.URL]:
        seen: list[httpx.URL] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request.url)
            assert ("authorization" in request.headers) is (len(seen) == 1)
            is_first = len(seen) == 1 or place == "/round"
            headers = [(b"location", place.encode())]
            return httpx.Response(307, headers=headers) if is_first else httpx.Response(200)

        with client_over(answer, base_url=api) as client:
            try:
                client.run(DownloadAttachment(**FILE))
            except DevinToolsError:
                seen.append(httpx.URL("error:refused"))
        return seen

    return go


@for_every("place", lambda: ELSEWHERE)
def test_no_link_is_followed_into_this_machine_or_its_network(
    led: Callable[..., list[httpx.URL]], place: str
) -> None:
    _, *others, last = led(place)
    assert last.scheme == "error"
    assert {(url.scheme, url.host) for url in others} <= {("https", "api.devin.ai")}
    assert len(others) <= MAX_HOPS


MALFORMED = [
    *("https://store.example:port/x", "https://s.example:443:443/", "https://s.example/" + "a" * 70_000),
    *("/\x01x", "https://s.example/\x7f", "https://xn--/x", "https://xn--a.example/x"),
    *("https://\u2603.example/", "https://\u0661.example/x", "https://a.example/x\nhttps://b.example/x"),
]
NOWHERE = [
    *("https://[", "https://h:99999/x", "https://h.example:-1/", "https://store..example/x"),
    *("https://.example/x", "https://%00.example/", f"https://{'a' * 64}.example/", "https://a b.example/"),
    *(
        "https://" + "a." * 127 + "example/",
        "http:\\\\x",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "data:,x",
    ),
]


@for_every(
    "place, says", lambda: [*product(MALFORMED, ["not one URL"]), *product(NOWHERE, ["no public host"])]
)
def test_a_place_that_is_none_is_said_to_be(folder: Path, place: str, says: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(307, headers=[(b"location", line.encode()) for line in place.split("\n")])

    with client_over(answer) as client, pytest.raises(UnexpectedResponse, match=says) as caught:
        client.run(DownloadAttachment(**FILE))
    assert place[:12] not in str(caught.value)


@for_every("place, status", lambda: product([*MALFORMED, *NOWHERE, *PUBLIC], [301, 302, 303, 307, 308]))
def test_a_place_that_another_call_is_sent_to_is_not_looked_at(place: str, status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=[(b"location", line.encode()) for line in place.split("\n")])

    with client_over(answer) as client, pytest.raises(DevinToolsError, match=f"answered {status}"):
        client.run(GetSelf())


@for_every("place", lambda: ["", "/x", "https:///x", "\\\\store.example\\x", "https://api.devin.ai:443/x"])
def test_a_link_back_to_the_api_itself_is_followed_without_the_key(
    led: Callable[..., list[httpx.URL]], place: str
) -> None:
    _, second = led(place)
    assert (second.scheme, second.host, second.port) == ("https", "api.devin.ai", None)


@for_every("place", lambda: PUBLIC)
def test_a_link_to_a_public_host_is_followed_over_tls(
    led: Callable[..., list[httpx.URL]], place: str
) -> None:
    _, second = led(place)
    assert second.scheme == "https" and second.host != "api.devin.ai"


@for_every(
    "place", lambda: ["http://127.0.0.1:8000/x", "http://localhost:8000/x", "/x", "http://[::1]:8000/x"]
)
def test_an_api_on_loopback_leads_to_its_own_port(led: Callable[..., list[httpx.URL]], place: str) -> None:
    _, second = led(place, "http://127.0.0.1:8000")
    assert (second.scheme, second.port) == ("http", 8000)


@for_every("place", lambda: ["http://127.0.0.1:8001/x", "http://localhost/x", "https://127.0.0.1:8000/x"])
def test_an_api_on_loopback_leads_to_no_other_port(led: Callable[..., list[httpx.URL]], place: str) -> None:
    assert led(place, "http://127.0.0.1:8000")[1].scheme == "error"


def test_a_redirect_that_says_no_place_is_an_error(run: Callable[..., Any], folder: Path) -> None:
    with pytest.raises(UnexpectedResponse):
        run(lambda _: httpx.Response(307), DownloadAttachment(**FILE))


class Streamed(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body as a network brings it; it counts what was read of it."""

    def __init__(self, chunks: list[bytes]):
        self.chunks, self.read = chunks, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


GZIP = {"content-encoding": "gzip"}


def bomb(size: int) -> list[bytes]:
    """Return a packed body that is far longer unpacked, in chunks."""
    packed = gzip.compress(bytes(size), compresslevel=1)
    return [packed[at : at + 4096] for at in range(0, len(packed), 4096)]


def test_an_answer_that_is_too_long_unpacked_is_an_error_that_names_the_limit(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devin_tools.client.exchange.MAX_ANSWER", 1_048_576)
    body = Streamed(bomb(12_000_000))
    with pytest.raises(UnexpectedResponse, match="longer than 1 MB") as caught:
        run(lambda _: httpx.Response(200, headers=GZIP, stream=body), GetSelf())
    assert caught.value.status == 200 and body.read < len(body.chunks) / 2


@pytest.mark.parametrize("encoding, body", [("gzip", bomb(1_000_000)), ("br", [b"unasked"])])
def test_a_write_whose_answer_cannot_be_read_is_looked_for_and_not_repeated(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, encoding: str, body: list[bytes]
) -> None:
    monkeypatch.setattr("devin_tools.client.exchange.MAX_ANSWER", 1_000)
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.method == "POST":
            return httpx.Response(200, headers={"content-encoding": encoding}, stream=Streamed(body))
        row = {
            "session_id": "a" * 32,
            "url": "https://app.devin.ai/x",
            "status": "new",
            "org_id": "org-1",
            "created_at": 1,
            "updated_at": 1,
            "acus_consumed": 0,
            "pull_requests": [],
            "tags": json.loads(asked[0].content)["tags"],
        }
        return httpx.Response(200, json={"items": [row], "has_next_page": False, "end_cursor": None})

    assert run(answer, CreateSession(prompt="x")).creation == "adopted"
    assert [request.method for request in asked].count("POST") == 1


def test_a_refusal_is_cut_and_keeps_its_class(run: Callable[..., Any]) -> None:
    body = Streamed(bomb(40_000_000))
    with pytest.raises(Forbidden):
        run(lambda _: httpx.Response(403, headers=GZIP, stream=body), GetSelf())
    assert body.read <= 2 + MAX_REFUSAL // PIECE


def test_a_refusal_of_a_download_is_cut_too(run: Callable[..., Any], folder: Path) -> None:
    body = Streamed(bomb(40_000_000))
    with pytest.raises(Forbidden):
        run(lambda _: httpx.Response(403, headers=GZIP, stream=body), DownloadAttachment(**FILE))
    assert body.read <= 2 + MAX_REFUSAL // PIECE


def test_a_packed_answer_is_read(run: Callable[..., Any]) -> None:
    packed = gzip.compress(b'{"principal_type": "service_user", "service_user_id": "su", "org_id": "org-1"}')
    got = run(
        lambda _: httpx.Response(200, headers=GZIP, stream=Streamed([packed[:9], packed[9:]])), GetSelf()
    )
    assert got.org_id == "org-1"


def test_a_packed_body_that_breaks_off_is_no_whole_answer(run: Callable[..., Any], folder: Path) -> None:
    chunks = bomb(100_000)[:-1] or [gzip.compress(bytes(99))[:-5]]
    for call in (GetSelf(), DownloadAttachment(**FILE)):
        with pytest.raises(ConnectionLost):
            run(lambda _: httpx.Response(200, headers=GZIP, stream=Streamed(list(chunks))), call, max_tries=1)


def test_the_limits_are_as_the_page_says() -> None:
    page = " ".join((ROOT / "docs" / "files.md").read_text(encoding="utf-8").split())
    assert (
        f"at most {MAX_ANSWER >> 20} MB of it are read, of a refusal at most {MAX_REFUSAL >> 10} KB" in page
    )


def test_only_ways_of_packing_that_are_bounded_are_asked_for(run: Callable[..., Any]) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["accept-encoding"])
        return httpx.Response(403)

    for call in (GetSelf(), DownloadAttachment(**FILE)):
        with pytest.raises(Forbidden):
            run(answer, call)
    assert asked == ["gzip", "gzip"]
