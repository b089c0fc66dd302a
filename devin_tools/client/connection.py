"""What both clients share: settings, rules and guards, requests to bytes, faults to errors."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..api.account import GetSelf, Principal
from ..catalog import installed_guards
from ..codec import decode, encode
from ..errors import DevinToolsError, MissingSetting, Refused, ServerFault, UnexpectedResponse
from ..flow import After, Before, Done, Draw, Flow, Monotonic, Now, Progress, ReadRepository, Setting, Step
from ..hookspecs import Guard
from ..local.files import DownloadTarget
from ..local.repository import surveyed
from ..security.redaction import Redactor
from ..security.references import resolved
from ..settings import Settings
from ..spec import describe
from ..tool import Tool
from ..wire import Download, Request, Response, dump_json
from .clock import Clock, WallClock
from .faults import unsent
from .guards import Asked, Rules, refused
from .preview import Preview, preview
from .response_body import ResponseBody
from .retry import Cooldown, Retry, retrying
from .transfer import HEADERS, outgoing

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

log = logging.getLogger("devin_tools")
log.addFilter(Redactor())

T = TypeVar("T")

Watch = Callable[[Progress], None]


class Connection:
    """What both drivers have in common. It holds no socket."""

    def __init__(
        self,
        settings: Settings | None,
        guards: Sequence[Guard] | None,
        clock: Clock | None,
        watch: Watch | None,
        overrides: dict[str, Any],
    ):
        self.settings = settings or Settings.load(**overrides)
        self._guards = installed_guards() if guards is None else tuple(guards)
        self.rules = Rules(self.settings)
        self._clock: Clock = clock or WallClock()
        self._watch = watch
        self._org_id = self.settings.org_id
        self._retry = Retry(self.settings.max_tries, self.settings.max_retry_seconds)
        self._cooldown = Cooldown()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.settings.base_url!r}, org_id={self._org_id!r})"

    def preview(self, call: Tool[Any]) -> Preview:
        """Return what a call would send, without sending it: a dry run."""
        return preview(call, self.settings, self.rules)

    def now(self) -> float:
        """Return the time of this client's clock, in seconds since 1970."""
        return self._clock.now()

    def acting_as(self, *, api_key: SecretStr | None = None, org_id: str | None = None) -> Self:
        """Return a client of another account, over the same connections and under the same rules.

        Close the client it came from, not this one.
        """
        own, other = self.settings, copy(self)
        key, org = own.api_key if api_key is None else api_key, own.org_id if org_id is None else org_id
        other.settings = replace(own, api_key=key, org_id=org)
        other.settings.require_key()
        other._org_id, other._cooldown = other.settings.org_id, Cooldown()
        other.rules = self.rules.beside(other.settings)
        return other

    def _http_options(self, transport: Any, hook: Any) -> dict[str, Any]:
        import httpx

        return {
            "transport": transport,
            "timeout": httpx.Timeout(self.settings.timeout, connect=self.settings.connect_timeout),
            "headers": self._bearer() | HEADERS,
            "follow_redirects": False,
            "event_hooks": {"response": [hook]},
            # A proxy on the way to loopback would read the key: plain HTTP hides nothing from it.
            "trust_env": self.settings.base_url.lower().startswith("https://"),
        }

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.require_key()}"}

    def _url(self, request: Request) -> str:
        return request.url(self.settings.base_url, self._org_id)

    def _persistent(self, flow: Flow[T]) -> Flow[T]:
        return retrying(flow, self._retry, self._cooldown)

    def _lacks_org(self, request: Request) -> bool:
        return self._org_id is None and "{org_id}" in request.path

    @staticmethod
    def _ask_self() -> Request:
        call = GetSelf()
        return encode(call.route, call)

    def _learn_org(self, response: Response) -> Response | None:
        """Take the organisation from an answer to GetSelf; give a refusal of the key, or a limit, back.

        Any other failure says that the request at hand was not sent: a write is not to be looked for.
        """
        if response.status in (401, 429):
            return response
        try:
            principal = decode(Principal, response, {})
        except (ServerFault, UnexpectedResponse) as error:
            raise unsent(error) from error
        if principal.org_id is None:
            raise MissingSetting(
                "The organisation is not set, and the API does not name one for this key.",
                hint="Set DEVIN_ORG_ID (it looks like org-...).",
            )
        self._org_id = replace(self.settings, org_id=principal.org_id).org_id
        return None

    def _answer(self, step: Step, asked: Asked) -> Any:
        """Answer a step that needs no socket and waits for nobody."""
        if isinstance(step, Now):
            return self._clock.now()
        if isinstance(step, Monotonic):
            return self._clock.monotonic()
        if isinstance(step, Draw):
            return secrets.randbits(128)
        if isinstance(step, Setting):
            return getattr(self.settings, step.name)
        if isinstance(step, ReadRepository):
            return surveyed(step, self.settings.file_root)
        if isinstance(step, Before):
            return self._before(step, asked)
        if isinstance(step, After):
            return self._after(step)
        raise TypeError(f"a flow yielded {type(step).__name__}, which is not a step")

    def _tell(self, progress: Progress) -> None:
        if self._watch is not None and not isinstance(progress, Done):
            self._watch(progress)

    def _before(self, step: Before, asked: Asked) -> Tool[Any]:
        """Ask the rules, then every guard; reads that are parts of another call pass unasked."""
        call: Tool[Any] = step.call
        spec = describe(type(call))
        if step.is_inside and spec.effect.only_reads:
            return call
        if not step.is_inside:
            asked.spec = spec
        if self.settings.dry_run:
            raise self._dry(call)
        call = self.rules.admit(spec, call, asked, is_inside=step.is_inside)
        for guard in self._guards:
            guard.before(spec, call)
        self.rules.count(call)
        return call

    def _dry(self, call: Tool[Any]) -> Refused:
        """Refuse a call and say what it would have sent: every face shows a refusal, to a model too."""
        shown = self.preview(call)
        sent = ", ".join(f"{request.method} {request.url}" for request in shown.requests)
        spends = f" It can spend ACUs. {shown.cost or ''}".rstrip() if shown.is_billable else ""
        return refused(
            "dry_run",
            f"Nothing was sent. {shown.tool} would send {sent}.{spends}",
            shown.model_dump(mode="json"),
        )

    def _after(self, step: After) -> None:
        call: Tool[Any] = step.call
        spec = describe(type(call))
        if isinstance(step.outcome, DevinToolsError):
            step.outcome.tool = step.outcome.tool or spec.name
        if step.is_inside and spec.effect.only_reads:
            return
        self.rules.observe(call, step.outcome)
        for guard in self._guards:
            try:
                guard.after(spec, call, step.outcome)
            except Exception as error:  # what was paid for is not lost because somebody cannot watch
                names = type(guard).__name__, spec.name, type(error).__name__
                log.error("the guard %s failed after %s: %s", *names)

    def _response(self, request: Request, got: httpx.Response, intake: ResponseBody) -> Response:
        log.info(
            "%s: %s %s -> %d in %.3f s, try %d",
            *(request.tool, request.method, request.path, got.status_code, intake.seconds(), request.attempt),
        )
        body = intake.body()
        if got.status_code >= 400:  # a refusal can repeat what it refuses
            body = intake.without_secrets().replace(self.settings.require_key().encode(), b"(the key)")
        return Response(got.status_code, body, got.headers)

    @contextmanager
    def _payload(self, request: Request, intake: ResponseBody) -> Iterator[dict[str, Any]]:
        """Yield what httpx sends besides the headers: JSON, a file that stays open so long, or nothing."""
        hurry = self._hurry(request)
        if request.file is not None:
            tell = partial(self._tell_bytes, "sent")
            with outgoing(self.settings.file_root, request.file, tell) as payload:
                yield hurry | payload
        elif request.body is not None:
            content = dump_json(request.body, reveal=lambda value: intake.hide(resolved(value)))
            headers = self._bearer() | {"Content-Type": "application/json"}
            yield hurry | {"content": content, "headers": headers}
        else:
            yield hurry

    def _landing(self, request: Download) -> DownloadTarget:
        return DownloadTarget(request, self.settings, partial(self._tell_bytes, "received"))

    def _landed(
        self, request: Download, landing: DownloadTarget, refusal: httpx.Response | None, intake: ResponseBody
    ) -> Response:
        if refusal is not None:
            return self._response(request, refusal, intake)
        log.info("%s: received %d bytes in %.3f s", request.tool, landing.size, intake.seconds())
        return Response(200, json.dumps(landing.finish()).encode())

    def _tell_bytes(self, how: str, done: int, of: int | None) -> None:
        self._tell(Progress(f"{done} of {of} bytes {how}" if of else f"{done} bytes {how}"))

    def _hurry(self, request: Request) -> dict[str, Any]:
        """Build the options of httpx: the key, and less time for a request that is not worth the usual."""
        import httpx

        if request.patience is None:
            return {"headers": self._bearer()}
        connect = min(self.settings.connect_timeout, request.patience)
        timeout = httpx.Timeout(min(self.settings.timeout, request.patience), connect=connect)
        return {"headers": self._bearer(), "timeout": timeout}

    def _intake(self) -> ResponseBody:
        """Make what takes an answer in; however steadily it trickles, it may not take for ever."""
        return ResponseBody(max(self.settings.timeout, self.settings.max_retry_seconds))
