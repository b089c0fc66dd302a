"""What a client knows and decides: settings, rules, guards, the organisation. Both clients share it."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..codec import decode, encode
from ..declarations import describe
from ..errors import DevinToolsError, MissingSetting, Refused, ServerFault, UnexpectedResponse
from ..flow import (
    After,
    AppendLines,
    Before,
    Done,
    Draw,
    Flow,
    KeepSecret,
    Monotonic,
    Now,
    Progress,
    ReadLastLines,
    ReadRepository,
    Recall,
    SaveText,
    Setting,
    Step,
)
from ..settings import Settings
from ..tool import Output, Tool, require_flow
from ..version import USER_AGENT
from ..wire import Request, Response
from .call_limits import CallContext, CallLimits, refused
from .clock import Clock, WallClock
from .faults import unsent
from .recent_outputs import RecentOutputs
from .retry import Cooldown, Retry, retrying
from .unpacking import ACCEPTED

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

    from ..hookspecs import Guard

log = logging.getLogger("devin_tools")

T = TypeVar("T")

Watch = Callable[[Progress], None]


class Contact:
    """Whether the API, or a proxy in its place, ever answered: clients of other accounts share it."""

    was_made = False


def ask_self() -> Request:
    """Return the request that asks which organisation a key belongs to."""
    from ..api.account import GetSelf

    call = GetSelf()
    return encode(call.route, call)


class ClientState:
    """State and policy of one client, whatever drives its flows. Does no network I/O."""

    def __init__(
        self,
        settings: Settings,
        guards: Sequence[Guard] | None = None,
        clock: Clock | None = None,
        watch: Watch | None = None,
    ):
        self.settings = settings
        self._guards = guards
        if guards is None and os.environ.get("DEVIN_TOOLS_STRICT_PLUGINS"):
            self.guards  # noqa: B018 - a broken plugin is to fail here, and not at the first call
        self.limits = CallLimits(settings)
        self.clock: Clock = clock or WallClock()
        self.watch = watch
        settings.require_key()  # which is to be missed here, and not at the first request
        self._headers: httpx.Headers | None = None
        self.org_id = settings.org_id
        """The organisation; `None` until the API was asked for it, where the settings do not say."""
        self.retry = Retry(settings.max_tries, settings.max_retry_seconds)
        self.cooldown = Cooldown()
        self.contact = Contact()
        self.recent = RecentOutputs(self.clock)
        self.draw: Callable[[], int] = partial(secrets.randbits, 128)
        """Returns 128 random bits."""

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """What is asked before and told after every call: those of the installed plugins, unless given."""
        if self._guards is not None:
            return tuple(self._guards)
        from ..catalog import installed_guards

        return installed_guards()

    @property
    def headers(self) -> httpx.Headers:
        """What each request says; one of them bears the key. Made for the first one, as httpx is imported."""
        if self._headers is None:
            self._headers = _headers(self.settings)
        return self._headers

    def for_account(self, api_key: SecretStr | str | None, org_id: str | None) -> ClientState:
        """Return the state of another account, under the same rules; `None` keeps what is set.

        Raises `MissingSetting` without a key.
        """
        own, other = self.settings, copy(self)
        key, org = own.api_key if api_key is None else api_key, own.org_id if org_id is None else org_id
        other.settings = replace(
            own, api_key=cast("SecretStr | None", key), org_id=org
        )  # or text: it hides it
        other.settings.require_key()
        other._headers = None  # those of this one bear its own key
        other.org_id, other.cooldown = other.settings.org_id, Cooldown()
        other.limits = self.limits.for_account(other.settings)
        return other

    def with_retries(self, flow: Flow[T]) -> Flow[T]:
        """Return a flow in which each request is repeated as the settings allow."""
        require_flow(flow)
        return retrying(flow, self.retry, self.cooldown)

    def answer(self, step: Step, context: CallContext) -> Any:
        """Answer any step but a request, a pause, a lock and progress. Raises what it refuses.

        It may block, on git, a file or in a guard.
        """
        if isinstance(step, Before):
            return self.admit(step, context)
        if isinstance(step, After):
            return self.observe(step)
        if isinstance(step, Now):
            return self.clock.now()
        if isinstance(step, Monotonic):
            return self.clock.monotonic()
        if isinstance(step, Draw):
            return self.draw()
        if isinstance(step, Setting):
            return getattr(self.settings, step.name)
        if isinstance(step, Recall):
            return self.recent.recall(self.settings, step.key)
        return self._use_files(step)

    def _use_files(self, step: Step) -> Any:
        """Answer a step that uses files of this machine, or git."""
        if isinstance(step, ReadRepository):
            from ..local.repository import read_repository

            return read_repository(step, self.settings.file_root)
        if isinstance(step, KeepSecret):
            from ..local.kept_secrets import keep_secret

            return keep_secret(step, self.settings.file_root)
        if isinstance(step, ReadLastLines | AppendLines | SaveText):
            from ..local.written_files import perform

            return perform(step, self.settings)
        raise TypeError(f"a flow yielded {type(step).__name__}, which is not a step")

    def report(self, progress: Progress) -> None:
        """Pass progress on to whoever watches."""
        if self.watch is not None and not isinstance(progress, Done):
            self.watch(progress)

    def admit(self, step: Before, context: CallContext, *, is_counted: bool = False) -> Tool[Any]:
        """Return the call to run: ask the rules, then every guard. Raises what they refuse.

        Reads that are parts of another call pass unasked. Of one that `is_counted`, only the rules are
        asked: an engine runs again what was admitted and counted before.
        """
        call: Tool[Any] = step.call
        spec = describe(type(call))
        if is_counted:
            return self.limits.admit(spec, call, context, is_inside=step.is_inside)
        if step.is_inside and spec.effect.only_reads:
            return call
        if not step.is_inside:
            context.spec = spec
        if self.settings.dry_run:
            raise self._dry_run(call)
        call = self.limits.admit(spec, call, context, is_inside=step.is_inside)
        for guard in self.guards:
            guard.before(spec, call)
        self.limits.count(call)
        return call

    def _dry_run(self, call: Tool[Any]) -> Refused:
        """Return a refusal that says what a call would have sent: all interfaces show errors."""
        from .preview import preview

        shown = preview(call, self.settings)
        sent = ", ".join(f"{request.method} {request.url}" for request in shown.requests)
        spends = f" It can spend ACUs. {shown.cost or ''}".rstrip() if shown.is_billable else ""
        return refused(
            "dry_run",
            f"Nothing was sent. {shown.tool} would send {sent}.{spends}",
            shown.model_dump(mode="json"),
        )

    def observe(self, step: After) -> None:
        """Pass what a call returned or raised to the rules and every guard."""
        call: Tool[Any] = step.call
        spec = describe(type(call))
        if isinstance(step.outcome, DevinToolsError):
            step.outcome.tool = step.outcome.tool or spec.name
        if step.is_inside and spec.effect.only_reads:
            return
        if not spec.effect.only_reads:
            self.limits.observe(call, step.outcome)
            self.recent.note(self.settings, call, step.outcome)
        outcome = step.outcome
        if spec.effect.reveals_secret and isinstance(outcome, Output):  # guards keep records, and send traces
            from ..security.shown_once import without_secrets

            outcome = without_secrets(outcome)
        for guard in self.guards:
            try:
                guard.after(spec, call, outcome)
            except Exception as error:  # a guard that fails must not lose the result of a paid call
                names = type(guard).__name__, spec.name, type(error).__name__
                log.error("the guard %s failed after %s: %s", *names)

    def cooldown_left(self) -> float:
        """Return for how many seconds yet nothing is sent, because the API asked to slow down."""
        return max(0.0, self.cooldown.until - self.clock.monotonic())

    def lacks_org(self, request: Request) -> bool:
        """Return whether a request needs the organisation, and it is not known yet."""
        return self.org_id is None and "{org_id}" in request.path

    def learn_org(self, response: Response) -> Response | None:
        """Take the organisation from the answer to `ask_self`; return a refusal of the key, or a rate limit.

        Raises:
            MissingSetting: the API does not name one for this key.
            ConnectionFailed: the answer is of no use. The request at hand was not sent, so a write is
                not to be looked for.
        """
        from ..api.account import Principal

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
        self.org_id = replace(self.settings, org_id=principal.org_id).org_id
        return None


def _headers(settings: Settings) -> httpx.Headers:
    import httpx

    return httpx.Headers(
        {
            "Connection": "keep-alive",
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED,
            "User-Agent": USER_AGENT,
            "Authorization": f"Bearer {settings.require_key()}",
        }
    )
