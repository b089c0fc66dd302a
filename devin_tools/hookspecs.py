"""Hook specifications: what a plugin may provide. Hooks return values, they register nothing.

A plugin is a module or object named by an entry point in the group `devin_tools`:

    [project.entry-points.devin_tools]
    my-tools = "my_package.my_module"
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pluggy

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .pipelines.alert import Alert
    from .pipelines.delivery import SinkTransport
    from .pipelines.notification import Notification
    from .spec import Spec
    from .tool import Output, Tool

__all__ = ["ENTRY_POINT_GROUP", "Exporter", "Guard", "Handler", "Reader", "Sink", "hookimpl", "hookspec"]

ENTRY_POINT_GROUP = "devin_tools"

hookspec = pluggy.HookspecMarker(ENTRY_POINT_GROUP)
hookimpl = pluggy.HookimplMarker(ENTRY_POINT_GROUP)

Handler = Callable[[Any, Any], Any]
"""A simulator handler: `(world, call) -> the JSON body the API would answer`, or a whole `Answer`."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: a pure function from the specs to files."""

    name: str
    """What a person types, such as `manifest`."""

    summary: str
    """One line that says what the files are for."""

    files: Callable[[Sequence[Spec]], Mapping[str, str]]
    """Relative path to text, for every file of the format."""

    is_folder: bool = False
    """Whether the files belong together as a folder that a builder takes, and are of no use one by one."""

    deferred: Callable[[Sequence[Spec], str, str | None], Mapping[str, str]] | None = None
    """The files in which a model finds some of the tools: from the specs, a choice of those that it is shown
    at once (`loaded` of the payloads), and the name of a search or `None`. `None`: the format has no such."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A form that events come in, such as one vendor's webhooks: pure functions from a body to alerts."""

    name: str
    """What a person types, such as `alertmanager`. The `source` of its alerts, unless they say another."""

    summary: str
    """One line that says what it reads and by what it knows it."""

    reads: Callable[[Mapping[str, str], Any], bool]
    """Whether a body is of this form: the headers, their names in lower case, and the parsed JSON."""

    read: Callable[[Mapping[str, str], Any], list[Alert]]
    """The alerts in a body of this form; none, when there is nothing to act on.

    Raises `devin_tools.errors.UnreadableEvent` for what it lacks."""


@dataclass(frozen=True, slots=True)
class Sink:
    """A place that notifications of what became of sessions are sent to."""

    name: str
    """What `kind` names in a file of rules, such as `slack`."""

    summary: str
    """One line that says what it does."""

    settings: type[BaseModel]
    """What a file of rules must say of it. A secret is a reference there."""

    tell: Callable[[Notification, Any, SinkTransport], Awaitable[None]]
    """Send a notification, with the settings, by the transport. Raises `devin_tools.errors.SinkFailed`."""


class Guard(Protocol):
    """Looks at every call before and after it runs."""

    def before(self, spec: Spec, call: Tool[Any]) -> None:
        """Veto the call by raising `Refused`; return to let it pass."""

    def after(self, spec: Spec, call: Tool[Any], outcome: Output | Exception) -> None:
        """Observe the outcome of the call: its output, or the error it raised."""


@hookspec
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]] | Spec]:  # type: ignore[empty-body]
    """Return tool classes; or their specs from `read_index`, so that no class is imported to be listed."""


@hookspec
def devin_tools_provide_handlers() -> Mapping[type[Tool[Any]] | str, Handler]:  # type: ignore[empty-body]
    """Return a simulator handler for each tool that sends requests, by its class or its name."""


@hookspec
def devin_tools_provide_exporters() -> Iterable[Exporter]:  # type: ignore[empty-body]
    """Return formats to export the tools in."""


@hookspec
def devin_tools_provide_guards() -> Iterable[Guard]:  # type: ignore[empty-body]
    """Return guards, called around every call of every client."""


@hookspec
def devin_tools_provide_readers() -> Iterable[Reader]:  # type: ignore[empty-body]
    """Return readers of events. One of the name of an earlier reader takes its place."""


@hookspec
def devin_tools_provide_sinks() -> Iterable[Sink]:  # type: ignore[empty-body]
    """Return sinks. One of the name of an earlier sink takes its place."""
