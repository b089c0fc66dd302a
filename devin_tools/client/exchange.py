"""One request on its way: to what httpx takes, and from what httpx got."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ..flow import Progress
from ..local.files import DownloadTarget
from ..security.redaction import Redactor
from ..security.references import resolved
from ..settings import Settings
from ..wire import Download, Request, Response, dump_json
from .faults import fault
from .response_body import ResponseBody
from .state import ClientState
from .transfer import HEADERS, outgoing

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("devin_tools")
log.addFilter(Redactor())


def http_options(settings: Settings, transport: Any, hook: Any) -> dict[str, Any]:
    """Return the arguments of an httpx client; `hook` sees each response before httpx acts on it."""
    import httpx

    return {
        "transport": transport,
        "timeout": httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
        "headers": _authorization(settings) | HEADERS,
        "follow_redirects": False,
        "event_hooks": {"response": [hook]},
        # A proxy on the way to loopback would read the key: plain HTTP hides nothing from it.
        "trust_env": settings.base_url.lower().startswith("https://"),
    }


def _authorization(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.require_key()}"}


class Exchange:
    """A request, what travels with it, and the body of its response.

    As a context manager it turns the errors of httpx into ours: `NetworkError`, `InvalidArguments`.
    """

    def __init__(self, request: Request, state: ClientState):
        self._request, self._state, self._settings = request, state, state.settings
        self.url = request.url(self._settings.base_url, state.org_id)
        self.body = ResponseBody(max(self._settings.timeout, self._settings.max_retry_seconds))
        """However steadily it trickles, it may not take for ever."""

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        import httpx

        if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            raise fault(error, self._request) from None

    @property
    def authorization(self) -> dict[str, str]:
        """The header that bears the key."""
        return _authorization(self._settings)

    @contextmanager
    def options(self) -> Iterator[dict[str, Any]]:
        """Yield what httpx takes besides method and URL. A file to send stays open so long."""
        options: dict[str, Any] = {"headers": self.authorization}
        if self._request.patience is not None:
            options["timeout"] = self._shorter_timeout(self._request.patience)
        if self._request.file is not None:
            report = partial(self._report_bytes, "sent")
            with outgoing(self._settings.file_root, self._request.file, report) as payload:
                yield options | payload
                return
        if self._request.body is not None:
            # A secret leaves its reference only here, and is masked should the answer repeat it.
            options["content"] = dump_json(
                self._request.body, reveal=lambda value: self.body.hide(resolved(value))
            )
            options["headers"]["Content-Type"] = "application/json"
        yield options

    def _shorter_timeout(self, seconds: float) -> httpx.Timeout:
        import httpx

        connect = min(self._settings.connect_timeout, seconds)
        return httpx.Timeout(min(self._settings.timeout, seconds), connect=connect)

    def response(self, got: httpx.Response) -> Response:
        """Return the response, whose body is in `body`; a refusal repeats no secret that was sent."""
        log.info(
            "%s: %s %s -> %d in %.3f s, try %d",
            self._request.tool,
            self._request.method,
            self._request.path,
            got.status_code,
            self.body.seconds(),
            self._request.attempt,
        )
        body = self.body.body()
        if got.status_code >= 400:
            body = self.body.without_secrets().replace(self._settings.require_key().encode(), b"(the key)")
        return Response(got.status_code, body, got.headers)

    def download_target(self, request: Download) -> DownloadTarget:
        """Return what a download is written to."""
        return DownloadTarget(request, self._settings, partial(self._report_bytes, "received"))

    def downloaded(self, target: DownloadTarget) -> Response:
        """Complete a download, and return what came of it as a response."""
        log.info("%s: received %d bytes in %.3f s", self._request.tool, target.size, self.body.seconds())
        return Response(200, json.dumps(target.finish()).encode())

    def _report_bytes(self, how: str, done: int, of: int | None) -> None:
        self._state.report(Progress(f"{done} of {of} bytes {how}" if of else f"{done} bytes {how}"))
