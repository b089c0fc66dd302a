"""Translates a `Request` for httpx, and its response to a `Response`; reads bodies within limits."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError, UnexpectedResponse
from ..flow import Progress
from ..security.redaction import Redactor
from ..security.references import resolved
from ..settings import Settings
from ..wire import Download, Request, Response, dump_json
from .connections import trusts_environment
from .faults import fault
from .journey import JOURNEY, Journey
from .state import ClientState
from .unpacking import PIECE, Unpacking

if TYPE_CHECKING:
    import httpx

    from ..local.files import DownloadTarget, UploadFile

log = logging.getLogger("devin_tools")
log.addFilter(Redactor())

PLACES = "devin_tools.locations"
"""Where an answer's extensions hold the places that it sends us to."""

MAX_ANSWER = 64 * 1024 * 1024
"""How many bytes of an answer are read, unpacked: the longest known ones have a few MB."""

MAX_REFUSAL = 256 * 1024
"""How many bytes of a refusal are read, unpacked: enough for what it says."""

SHORTEST_SECRET = 4
"""Shorter secrets are not masked: they would match ordinary text."""


def http_options(settings: Settings, transport: Any, hook: Any, *, is_async: bool) -> dict[str, Any]:
    """Return the arguments of an httpx client; `hook` sees each response before httpx acts on it."""
    import httpx

    if transport is None:
        from .routes import AsyncRoutes, Routes

        kind = AsyncRoutes if is_async else Routes
        transport = kind(trusts_environment=trusts_environment(settings))

    return {
        "transport": transport,
        "timeout": httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
        "follow_redirects": False,
        "event_hooks": {"response": [hook]},
        "trust_env": False,  # the transport sees to it, and says which variable is wrong
    }


def set_aside(got: httpx.Response) -> None:
    """Take the header that redirects out of an answer, as a hook of httpx.

    It would make a request of it, followed or not, and fail for a malformed one as if ours were wrong.
    """
    if "location" in got.headers:
        got.extensions[PLACES] = got.headers.get_list("location")
        del got.headers["location"]


async def set_aside_async(got: httpx.Response) -> None:
    """Do as `set_aside` does."""
    set_aside(got)


@lru_cache(maxsize=128)
def _parsed(url: str) -> httpx.URL:
    """Parse a URL: that takes long, and a wait asks for the same one again and again."""
    import httpx

    return httpx.URL(url)


class Exchange:
    """A request, what travels with it, and the body of its response.

    As a context manager it keeps a file to send open, and turns the errors of httpx into ours:
    `NetworkError`, `InvalidArguments`.
    """

    def __init__(self, request: Request, state: ClientState):
        self._request, self._state, self._settings = request, state, state.settings
        self.journey = Journey(is_known=state.contact.was_made)
        """How far the request came."""
        self._file: UploadFile | None = None
        self.headers = state.headers
        self.url = request.url(self._settings.base_url, state.org_id)
        self.body = ResponseBody(max(self._settings.timeout, self._settings.max_retry_seconds))
        """Bounds the time of the whole body: httpx's own timeout bounds each read alone."""
        if request.api_key is not None:
            self.headers = state.headers.copy()
            self.headers["Authorization"] = f"Bearer {self.body.hide(request.api_key.get_secret_value())}"

    @property
    def extensions(self) -> dict[str, Any]:
        """What makes a connection tell how far the request comes."""
        return {JOURNEY: self.journey}

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if self._file is not None:
            self._file.close()
        if not isinstance(error, Exception) or isinstance(error, DevinToolsError):
            return
        import httpx

        contact = self._state.contact
        contact.was_made = contact.was_made or self.journey.is_sent
        # Of what a connection is made with (a library for SOCKS, the look-up of names), some raises its own.
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL | UnicodeError) or self.journey.stage:
            raise fault(error, self._request, self.journey, was_reached=contact.was_made) from None

    def built(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Return the request as a client of httpx sends it.

        Not by its `build_request`, which merges the same headers again for each request.
        """
        import httpx

        given = self._request.timeout
        timeout = http.timeout if given is None else self._shorter_timeout(given)
        options: dict[str, Any] = {
            "headers": self.headers,
            "cookies": http.cookies,
            "extensions": {"timeout": timeout.as_dict(), **self.extensions},
        }
        if self._request.file is not None:
            options["files"] = {"file": self._open_file(self._request.file)}
        elif self._request.body is not None:
            # A secret leaves its reference only here, and is masked should the answer repeat it.
            options["content"] = dump_json(
                self._request.body, reveal=lambda value: self.body.hide(resolved(value))
            )
            options["headers"] = self.headers.copy()
            options["headers"]["Content-Type"] = "application/json"
        return httpx.Request(self._request.method, _parsed(self.url), **options)

    def _shorter_timeout(self, seconds: float) -> httpx.Timeout:
        import httpx

        connect = min(self._settings.connect_timeout, seconds)
        return httpx.Timeout(min(self._settings.timeout, seconds), connect=connect)

    def _open_file(self, path: str) -> tuple[str, UploadFile, str]:
        """Open a file to send, and return what httpx takes to stream it."""
        import mimetypes

        from ..local.files import UploadFile

        file = UploadFile(self._settings.file_root, path, partial(self._report_bytes, "sent"))
        self._file = file
        return file.name, file, mimetypes.guess_type(file.name)[0] or "application/octet-stream"

    def response(self, got: httpx.Response) -> Response:
        """Return the response, whose body is in `body`; a refusal repeats no secret that was sent."""
        self._state.contact.was_made = True
        log.info(
            "%s: %s %s -> %d in %.3f s, try %d",
            self._request.tool,
            self._request.method,
            self._request.path,
            got.status_code,
            self.body.seconds(),
            self._request.attempt,
        )
        body = self.body.content()
        if got.status_code >= 400:
            body = self.body.without_secrets().replace(self._settings.require_key().encode(), b"(the key)")
        return Response(got.status_code, body, got.headers)

    def download_target(self, request: Download) -> DownloadTarget:
        """Return what a download is written to."""
        from ..local.files import DownloadTarget

        return DownloadTarget(request, self._settings, partial(self._report_bytes, "received"))

    def downloaded(self, target: DownloadTarget) -> Response:
        """Complete a download, and return what came of it as a response."""
        self._state.contact.was_made = True
        log.info("%s: received %d bytes in %.3f s", self._request.tool, target.size, self.body.seconds())
        return Response(200, json.dumps(target.finish()).encode())

    def _report_bytes(self, how: str, done: int, of: int | None) -> None:
        self._state.report(Progress(f"{done} of {of} bytes {how}" if of else f"{done} bytes {how}"))


class ResponseBody:
    """Collects the body of a response within a time limit for all of it, and masks secrets in it."""

    def __init__(self, longest: float):
        self._longest, self._started = longest, time.perf_counter()
        self._parts: list[bytes] = []
        self._secrets: list[str] = []
        self.size = 0
        """How many bytes it has."""

    def add(self, part: bytes) -> None:
        """Add a part. Raises `httpx.ReadTimeout` once the time is over."""
        self._parts.append(part)
        self.size += len(part)
        if self.seconds() > self._longest:
            import httpx

            raise httpx.ReadTimeout("the answer does not come to an end")

    def seconds(self) -> float:
        """Return how long it has taken."""
        return time.perf_counter() - self._started

    def content(self) -> bytes:
        """Return the whole body."""
        return b"".join(self._parts)

    def hide(self, secret: str) -> str:
        """Return a secret that is sent, and remember it: the answer may repeat it."""
        self._secrets.append(secret)
        return secret

    def without_secrets(self) -> bytes:
        """Return the body with no secret in it, as it is or in JSON: longest first, one may hold another."""
        body = self.content()
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST_SECRET:
                for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
                    body = body.replace(form.encode(errors="surrogatepass"), b"(a secret)")
        return body


def read_body(got: httpx.Response, body: ResponseBody) -> None:
    """Read the body of a response: an error is cut at its limit, a success over its limit raises."""
    try:
        for piece in pieces(got):
            if not _append(got, body, piece):
                return
    except UnexpectedResponse as error:
        error.status = got.status_code  # `once` takes an error without one for a write that was not sent
        raise


async def read_body_async(got: httpx.Response, body: ResponseBody) -> None:
    """Read the body of a response as `read_body` does."""
    try:
        async for piece in pieces_async(got):
            if not _append(got, body, piece):
                return
    except UnexpectedResponse as error:
        error.status = got.status_code
        raise


def _append(got: httpx.Response, body: ResponseBody, piece: bytes) -> bool:
    """Add a piece, and return whether to read on."""
    room = (MAX_ANSWER if got.is_success else MAX_REFUSAL) - body.size
    body.add(piece[:room])
    if len(piece) > room and got.is_success:
        raise UnexpectedResponse(f"The API's answer is longer than {MAX_ANSWER // 2**20} MB.")
    return len(piece) <= room


def pieces(got: httpx.Response) -> Iterator[bytes]:
    """Return a body unpacked, in pieces; one that the transport has read already is in memory as it is."""
    if got.is_stream_consumed:
        return got.iter_bytes(PIECE)
    encoding = got.headers.get("content-encoding")
    return _unpacked(got, encoding) if encoding else got.iter_raw()


def _unpacked(got: httpx.Response, encoding: str) -> Iterator[bytes]:
    unpacking = Unpacking(encoding)
    for chunk in got.iter_raw():
        yield from unpacking.pieces(chunk)
    unpacking.finish()


def pieces_async(got: httpx.Response) -> AsyncIterator[bytes]:
    """Return a body as `pieces` does."""
    if got.is_stream_consumed:
        return got.aiter_bytes(PIECE)
    encoding = got.headers.get("content-encoding")
    return _unpacked_async(got, encoding) if encoding else got.aiter_raw()


async def _unpacked_async(got: httpx.Response, encoding: str) -> AsyncIterator[bytes]:
    unpacking = Unpacking(encoding)
    async for chunk in got.aiter_raw():
        for piece in unpacking.pieces(chunk):
            yield piece
    unpacking.finish()
