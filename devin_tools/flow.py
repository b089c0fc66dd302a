"""The steps that a conversation is made of, and what answers them.

Nothing here does I/O. A flow yields steps and receives what each step gives back;
a driver (`client`, an engine, a test) is the only thing that performs them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from .errors import DevinToolsError
from .wire import Request

__all__ = [
    "DRAWS", "OUT_OF_TIME", "After", "AppendLines", "Before", "Done", "Draw", "FileExcerpt", "Flow", "Hold",
    "KeepSecret", "LastLines", "Monotonic", "Now", "OmittedFile", "Pause", "Progress", "ReadLastLines",
    "ReadRepository", "Recall", "RepositoryState", "SaveText", "Setting", "Step", "chance", "relay",
]  # fmt: skip

T = TypeVar("T")

if TYPE_CHECKING:
    from pydantic import SecretStr
    from typing_extensions import TypeVar as TypeVarWithDefault

    V = TypeVarWithDefault("V", covariant=True, default=Any)
else:
    V = TypeVar("V", covariant=True)

OUT_OF_TIME = "what it was for can wait no longer"
"""Why no further try was made of a request whose `timeout` had come."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds. The answer to this step is `None`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Now:
    """Ask what time it is, in seconds since 1970, to compare with the times of others.

    Somebody may set that clock: how long something takes is measured by `Monotonic`. The answer to this
    step is a `float`.
    """


@dataclass(frozen=True, slots=True)
class Monotonic:
    """Ask for the seconds of a clock that nobody sets, for waits and deadlines: only differences mean
    something. The answer to this step is a `float`.
    """


@dataclass(frozen=True, slots=True)
class Draw:
    """Ask for 128 random bits. The answer to this step is an `int`."""


SettingName: TypeAlias = Literal[
    "allow_unbounded", "allowed_tools", "base_url", "confirm", "connect_timeout", "default_acu",
    "denied_tools", "download_folder", "dry_run", "file_overwrite", "file_root", "max_acu",
    "max_retry_seconds", "max_sessions", "max_tries", "org_id", "read_only", "tag_creates", "timeout",
]  # fmt: skip
"""The settings that a flow may know: all but the key."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Ask for a setting by its name. The answer to this step is its value."""

    name: SettingName


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until nobody else holds an idempotency key. The answer is a context manager that lets go of it.

    A driver keeps out the calls of its machine; one that repeats a flow from its history keeps out none.
    """

    key: str
    timeout: float | None = None
    """Seconds to wait at most, where that is less than the settings allow."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Ask what a call with an idempotency key returned a moment ago: lists of the API may not show it yet.

    The answer is its output, or `None`; a driver that repeats a flow from its history remembers nothing.
    """

    key: str


@dataclass(frozen=True, slots=True)
class Before:
    """Announces that a call is about to run. The answer is the call to run, or a guard's veto."""

    call: Any
    is_inside: bool
    """Whether the call is a part of another one."""


@dataclass(frozen=True, slots=True)
class After:
    """Reports what a call returned: its output, or the error that it raised. The answer is `None`."""

    call: Any
    outcome: Any
    is_inside: bool
    """Whether the call was a part of another one."""


@dataclass(frozen=True, slots=True)
class Progress(Generic[V]):
    """Reports progress to whoever watches. The answer to this step is `None`."""

    message: str
    value: V = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Done(Progress[V]):
    """The end of a flow; `value` is what it returned. Only drivers make it."""


DRAWS = 2**128


@dataclass(frozen=True, slots=True)
class ReadRepository:
    """Ask for the state of a repository. The answer to this step is a `RepositoryState`.

    Whatever the answer and `also` hold was scanned for secrets: a finding is raised as `Refused`, so
    that no flow ever sees a text that must not be sent.
    """

    folder: str
    """A folder of the repository; a relative one starts at the allowed root."""
    max_chars: int
    """How many characters of changes the answer may hold."""
    untracked: Literal["contents", "names", "none"] = "contents"
    """What to tell of files that git does not know."""
    also: tuple[tuple[str, str], ...] = ()
    """Names and texts that are to be scanned with it."""


@dataclass(frozen=True, slots=True)
class FileExcerpt:
    """A part of one file: how it changed, or what is in it."""

    name: str
    text: str
    is_diff: bool


@dataclass(frozen=True, slots=True)
class OmittedFile:
    """A file that is left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """A repository as it is on this machine."""

    remote: str | None
    """Where it is hosted, as `host/owner/name`: never with credentials."""
    branch: str | None
    """The branch; `None` when the head is detached."""
    commits: tuple[str, ...]
    """The last commits, newest first: short id and subject."""
    unpushed: int | None
    """How many commits are on no remote, as far as this machine knows; `None`: it has no remote."""
    passages: tuple[FileExcerpt, ...]
    left_out: tuple[OmittedFile, ...]


@dataclass(frozen=True, slots=True)
class KeepSecret:
    """Ask for a new file of this machine that only its owner may read, to keep a secret in.

    `reserve` makes it, empty, so that what could keep the secret from being written is known before there is
    one. `write` puts the secret into it; `release` removes it again, unless there is something in it. The
    answer to this step is the whole path. `FileFault` is raised when the file is not allowed, is there
    already, or cannot be written.
    """

    path: str
    """The file; a relative path starts at the folder for files, outside of which it must lie."""
    action: Literal["reserve", "write", "release"]
    secret: SecretStr | None = None
    """What to write."""


@dataclass(frozen=True, slots=True)
class ReadLastLines:
    """Ask for the last lines of a file in the folder for downloads. The answer to this step is `LastLines`.

    A file that is not there has none.
    """

    folder: str
    name: str
    before: int | None = None
    """Only lines that end before or at this byte, where lines begin; `None`: those at the end of the file."""


@dataclass(frozen=True, slots=True)
class LastLines:
    """Some whole lines of a file, in its order."""

    path: str
    lines: tuple[str, ...]
    start: int
    """The byte at which the first of them begins; 0 when none come before."""
    end: int
    """The byte at which the last of them ends."""
    unfinished: str = ""
    """How the text after the last line break begins, as a writer that was killed leaves it."""


@dataclass(frozen=True, slots=True)
class AppendLines:
    """Add whole lines to a file in the folder for downloads. The answer is where the file ends then.

    They are on the disk when the answer comes. Lines that are there already are not added again, so the step
    can be repeated; when others are there, somebody else writes to the file, and `FileFault` is raised.
    """

    folder: str
    name: str
    text: str
    at: int
    """The byte at which they are to begin; an unfinished line that begins there gives way."""


@dataclass(frozen=True, slots=True)
class SaveText:
    """Save a text as a file in the folder for downloads. The answer is its path."""

    folder: str
    name: str
    text: str
    overwrite: bool = False


Step: TypeAlias = (
    "Request | Pause | Now | Monotonic | Draw | Setting | ReadRepository | KeepSecret "
    "| ReadLastLines | AppendLines | SaveText | Hold | Recall | Before | After | Progress"
)


Flow: TypeAlias = Generator[Step, Any, T]


def chance() -> Flow[float]:
    """Draw a number from 0 up to, but not including, 1."""
    bits: int = yield Draw()
    return bits / DRAWS


def relay(flow: Flow[T], answer: Callable[[Step], Flow[Any] | None]) -> Flow[T]:
    """Perform a flow; `answer` returns the flow that answers a step, by yielding that one or others.

    `None` stands for one that only yields the step.

    A `DevinToolsError` that `answer` raises is raised in the flow, where it yielded the step.
    """
    reply: object = None
    fault: DevinToolsError | None = None
    try:
        while True:
            try:
                step = flow.throw(fault) if fault else flow.send(reply)
            except StopIteration as done:
                value: T = done.value
                return value
            reply = fault = None
            try:
                answering = answer(step)
                reply = (yield step) if answering is None else (yield from answering)
            except DevinToolsError as error:
                fault = error
    finally:
        flow.close()
