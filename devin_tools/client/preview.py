"""A dry run: what a call would send, worked out from its own flow without sending anything."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from pydantic import SecretStr

from ..declarations import describe
from ..errors import UnexpectedResponse
from ..flow import (
    AppendLines,
    Before,
    Draw,
    Flow,
    Hold,
    Monotonic,
    Now,
    Pause,
    ReadLastLines,
    ReadRepository,
    SaveText,
    Setting,
    Step,
)
from ..settings import Settings
from ..tool import Output, Tool, require_call
from ..wire import Request, Response
from .call_limits import recurring_cost, with_acu_limit

MAX_STEPS = 50
NOTHING_FOUND = Response(200, b'{"items": [], "has_next_page": false}')


class PreviewedRequest(Output):
    """One request that would be sent."""

    method: str
    """The verb."""

    url: str
    """The whole URL; `{org_id}` stands in it when the organisation is still to be read."""

    body: dict[str, Any] | None = None
    """The JSON body, with secrets masked; without what a read before it would add."""

    file: str | None = None
    """The file of this machine that would travel with it."""


class Preview(Output):
    """What a call would do."""

    tool: str
    """The tool's id."""

    effect: str
    """read, write or destroy."""

    is_billable: bool
    """Whether it, or a call that it performs first, can spend ACUs."""

    cost: str | None = None
    """Of what makes sessions start by themselves: how often, and what they may spend."""

    requests: list[PreviewedRequest]
    """Its requests up to the first that changes something, or the first pause: later ones depend on
    the answers."""


def preview(call: Tool[Any], settings: Settings) -> Preview:
    """Follow the flow of a call to its first write or pause, answering its reads with an empty page.

    Raises what the call itself would raise before it sends anything.
    """
    require_call(call)
    spec = describe(type(call))
    calls = [call]
    requests = [_shown(request, settings) for request in _requests(calls, settings)]
    return Preview(
        tool=spec.name,
        effect=spec.effect.kind,
        is_billable=any(describe(type(one)).effect.is_billable for one in calls),
        cost=next(filter(None, (recurring_cost(one, settings) for one in calls)), None),
        requests=requests,
    )


def _requests(calls: list[Tool[Any]], settings: Settings) -> list[Request]:
    """Follow the flow of the first of `calls`, and add those that it performs."""
    flow: Flow[Any] = with_acu_limit(calls[0], settings).flow()
    found: list[Request] = []
    reply: Any = None
    for _ in range(MAX_STEPS):
        try:
            step = flow.send(reply)
        except (StopIteration, UnexpectedResponse):  # the empty page does not answer every read
            break
        if isinstance(step, Pause | AppendLines | SaveText):
            break
        if isinstance(step, Request):
            found.append(step)
            if step.method != "GET":
                break
        if isinstance(step, Before):
            calls.append(step.call)
        reply = _reply(step, settings)
    flow.close()
    return found


def _reply(step: Step, settings: Settings) -> Any:
    if isinstance(step, Request):
        return NOTHING_FOUND
    if isinstance(step, Now | Monotonic | Draw):
        return 0
    if isinstance(step, Setting):
        return getattr(settings, step.name)
    if isinstance(step, ReadRepository):
        from ..local.repository import read_repository  # here, as few calls ask for it

        return read_repository(step, settings.file_root)
    if isinstance(step, ReadLastLines):
        from ..local.written_files import read_last_lines  # as above

        return read_last_lines(step, settings)
    if isinstance(step, Hold):
        return nullcontext()
    if isinstance(step, Before):
        return with_acu_limit(step.call, settings)
    return None


def _shown(request: Request, settings: Settings) -> PreviewedRequest:
    url = request.url(settings.base_url, settings.org_id)
    body = None if request.body is None else _masked(request.body)
    return PreviewedRequest(method=request.method, url=url, body=body, file=request.file)


def _masked(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return str(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list) else value
