"""Every error this package raises, as one tree.

    DevinToolsError
    ├── UsageError               nothing was sent
    │   ├── UnknownTool
    │   ├── InvalidArguments     paths and reasons, never the rejected values; a `ValueError` too
    │   ├── MissingSetting       no key, or no organisation
    │   ├── Refused              a guard refused the call
    │   ├── Busy                 another call holds the lock, and does not end
    │   ├── UnreadableEvent      no reader knows the event, or a part of it is missing
    │   ├── BadSignature         an event without a valid, recent signature
    │   └── BadRules             a file of rules is not valid
    ├── FileFault                a file of this machine may not be used so, or cannot be
    │   └── FileTaken            a file of that name is there already
    ├── SinkFailed               news of a session could not be sent
    ├── NetworkError             no whole answer came back
    │   ├── ConnectionFailed     the request surely did not arrive
    │   └── ConnectionLost       it may have arrived: timeout or reset after sending
    ├── Ambiguous                a write may have taken effect; looking did not tell
    ├── ApiError                 the API answered, and refused
    │   ├── BadRequest           400, 422
    │   ├── Unauthenticated      401
    │   ├── Forbidden            403
    │   ├── NotFound             404
    │   ├── Conflict             409
    │   ├── RateLimited          429
    │   └── ServerFault          5xx
    ├── UnexpectedResponse       the API answered, in a shape nobody documented
    └── PluginError              a plugin or a declaration is wrong
        ├── BadDeclaration
        └── DuplicateTool

Each has a `kind` (a stable word for programs), a `message` (safe to show to anyone, a model
included), a `hint` (what to do next, worded for each reader) and `retryable`. None ever holds a key
or an argument's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

Audience = Literal["python", "cli", "http", "form", "model"]
"""Who reads an error. A person at the command line gives options, a Python program arguments, whoever fills a
form its fields, an HTTP client headers. A model does none of these: it corrects its arguments, or asks."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint in several wordings; where a reader has none of its own, the first counts.

    So the first may say nothing that only some readers can do. What is for models is for who fills a form
    and for HTTP clients too, unless these have wordings of their own: a model may be behind them.
    """

    text: str = ""
    python: str | None = None
    cli: str | None = None
    http: str | None = None
    form: str | None = None
    model: str | None = None

    def own(self, audience: Audience) -> str | None:
        """Return the wording that is meant for a reader; `None` without one."""
        found: str | None = getattr(self, audience)
        return self.model if found is None and audience in ("http", "form") else found

    def read_by(self, audience: Audience) -> str:
        """Return what a reader is told."""
        found = self.own(audience)
        return self.text if found is None else found

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))


def needs_extra(*names: str) -> Hint:
    """Return how an extra of this package is installed: one of these, where several have what is missing."""
    commands = " or ".join(f"`pip install 'devin-tools[{name}]'`" for name in names)
    text = f"A person has to install the extra {' or '.join(names)} of devin-tools where this runs."
    return Hint(text, python=f"Run {commands}.", cli=f"Run {commands}.")


def what_is(given: object) -> str:
    """Return, after `this is`, what somebody gave in place of something else, and no value of it."""
    return f"the class {given.__name__}" if isinstance(given, type) else f"of type {type(given).__name__}"


class DevinToolsError(Exception):
    """The root of every error raised on purpose by this package."""

    kind: ClassVar[str] = "error"
    retryable: bool = False
    """Whether the same call can succeed later: of the kind, unless a single error knows better."""
    default_hint: ClassVar[str | Hint] = ""
    hint_for_models: ClassVar[str] = ""
    """What models are told in place of hints of this kind, which are for who runs the tools."""

    def __init__(self, message: str, *, hint: str | Hint = "", details: Sequence[Mapping[str, Any]] = ()):
        super().__init__(message)
        self.message = message
        self.hints = _as_hint(hint or self.default_hint)
        """What to do next, in the words of each reader."""
        self.more_hints = Hint()
        """What there is to say besides, whatever the hint is: what goes on without the call."""
        self.details = tuple(dict(detail) for detail in details)
        self.retry_after: float | None = None
        """Seconds the server asked to wait, when it did."""
        self.tries = 1
        """How many requests were made."""
        self.gave_up = ""
        """Why no further one was made."""
        self.tool: str | None = None
        """The id of the tool whose call caused this, when there was one."""

    @property
    def hint(self) -> str:
        """What to do next, for a Python program."""
        return self.hint_for("python")

    @hint.setter
    def hint(self, hint: str | Hint) -> None:
        self.hints = _as_hint(hint)

    def hint_for(self, audience: Audience) -> str:
        """Return what to do next, in the words of who reads it."""
        hint = self.hints.own(audience)
        if hint is None and self.hint_for_models and audience in ("http", "model"):
            hint = self.hint_for_models
        hint = self.hints.text if hint is None else hint
        return " ".join(part for part in (hint, self.more_hints.read_by(audience)) if part)

    def text_for(self, audience: Audience) -> str:
        """Return the error in one text, as `str` does for a Python program."""
        return " ".join(part for part in (self.message, self.tried(), self.hint_for(audience)) if part)

    def __str__(self) -> str:
        return self.text_for("python")

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be pickled whole, whatever its class wants when it is made: it may cross processes."""
        return _remade, (type(self), self.args, vars(self))

    def tried(self) -> str:
        """Return how many tries were made and why they ended; empty after a single one."""
        return f"Gave up after {self.tries} tries: {self.gave_up}." if self.tries > 1 else ""

    def as_dict(self, audience: Audience = "python") -> dict[str, Any]:
        """Return the error as plain data: the one shape that every interface shows, in its words."""
        return {
            "kind": self.kind,
            "message": self.message,
            "retryable": self.retryable,
            "retry_after": self.retry_after,
            "tries": self.tries,
            "hint": self.hint_for(audience) or None,
            "details": list(self.details),
        } | ({"error_code": code} if (code := getattr(self, "error_code", None)) else {})


def _remade(cls: type[DevinToolsError], arguments: tuple[Any, ...], facts: dict[str, Any]) -> DevinToolsError:
    error = cls.__new__(cls, *arguments)
    vars(error).update(facts)
    return error


def _as_hint(hint: str | Hint) -> Hint:
    return hint if isinstance(hint, Hint) else Hint(hint)


class UsageError(DevinToolsError):
    """The call was wrong before anything was sent."""

    kind = "usage"


class UnknownTool(UsageError):
    """No tool has this name."""

    kind = "unknown_tool"
    default_hint = Hint(
        "Call one of the tools that are offered.",
        python="`load_catalog().specs` has every tool by its name.",
        cli="Run `devin-tools list` to see every tool, or `devin-tools find WORDS` to look for one.",
        http="GET /openapi.json lists the tools.",
    )


class InvalidArguments(UsageError, ValueError):
    """The arguments do not fit the tool; `details` lists each place and reason.

    As a `ValueError` it is a fault of a field like any other where a validator of pydantic raises it.
    """

    kind = "invalid_arguments"
    default_hint = "Correct the arguments named above and call again; nothing was sent."


class MissingSetting(UsageError):
    """A setting the call needs is absent or malformed."""

    kind = "missing_setting"
    hint_for_models = "A person has to set this right where the tools run: no other arguments help."


class Refused(UsageError):
    """A guard vetoed the call."""

    kind = "refused"


class Busy(UsageError):
    """Another call of this machine holds a lock, such as that of the same idempotency key."""

    kind = "busy"
    retryable = True
    default_hint = "Call again with the same idempotency_key: what the other call made is adopted."


class UnreadableEvent(UsageError):
    """An event is of no known form, or lacks what it must have; `details` lists places and reasons."""

    kind = "unreadable_event"


class BadSignature(UsageError):
    """An event's signature is missing, wrong or too old."""

    kind = "bad_signature"
    default_hint = "Give the sender the same secret as the receiver, and see that both clocks are right."


class BadRules(UsageError):
    """A file of rules is not valid; `details` lists each line, place and reason."""

    kind = "bad_rules"
    hint_for_models = "A person has to correct the rules."


class SinkFailed(DevinToolsError):
    """A notification could not be sent to a sink; the message names its host, and no more of its address."""

    kind = "sink_failed"


class FileFault(DevinToolsError):
    """A file of this machine may not be read or written so, or cannot be; nothing was overwritten."""

    kind = "file"
    default_hint = Hint(
        "Name another file or folder, or change the setting file_root (DEVIN_FILE_ROOT).",
        model="Name another file or folder: only a person may allow others.",
    )


class FileTaken(FileFault):
    """A file of that name is there already."""

    kind = "file_taken"
    default_hint = Hint(
        "Give another name or folder. Only a person may allow that files are replaced, by the setting "
        "file_overwrite (DEVIN_FILE_OVERWRITE).",
        python="Give another name or folder, overwrite=True, or the setting file_overwrite "
        "(DEVIN_FILE_OVERWRITE=1).",
        cli="Give another name or folder, --overwrite, or DEVIN_FILE_OVERWRITE=1.",
        model="Give another name or folder. Only a person may allow that files are replaced.",
    )


class NetworkError(DevinToolsError):
    """No whole answer came back."""

    kind = "network"
    retryable = True
    is_immediate = False
    """Whether it came at once, at a host that was never reached: to wait longer would help little."""


class ConnectionFailed(NetworkError):
    """The connection was never made, so the request surely did not arrive."""

    kind = "connection_failed"
    default_hint = "Check the base URL and the network; repeating the call is safe."
    hint_for_models = (
        "Calling again is safe. Where it fails again, a person has to see why the API is not reached."
    )


class ConnectionLost(NetworkError):
    """The answer did not arrive after sending; the request may have taken effect."""

    kind = "connection_lost"
    default_hint = "The call may have taken effect: look before repeating a write."


class Ambiguous(DevinToolsError):
    """A write may have taken effect, and nothing tells whether it did; it was not repeated."""

    kind = "ambiguous"
    default_hint = "Look at the list before calling again: a second call may do it twice."


class ApiError(DevinToolsError):
    """The API answered with an error status."""

    kind = "api"
    default_hint: ClassVar[str | Hint] = "Read the server's text above."

    def __init__(
        self,
        message: str,
        *,
        status: int,
        hint: str = "",
        details: Sequence[Mapping[str, Any]] = (),
        request_id: str | None = None,
    ):
        super().__init__(message, hint=hint, details=details)
        self.status = status
        self.request_id = request_id
        self.error_code: str | None = None
        """The API's own word for the refusal, such as `user_frozen`; it gives one for few."""


class BadRequest(ApiError):
    """The API found a value it cannot accept (400, 422)."""

    kind = "bad_request"
    default_hint = "Correct the values the server names and call again."


class Unauthenticated(ApiError):
    """The key is missing, wrong, revoked or expired (401)."""

    kind = "unauthenticated"
    default_hint = "Set DEVIN_API_KEY to a valid service user key (it starts with cog_)."
    hint_for_models = "A person has to give a valid key where the tools run: no other arguments help."


class Forbidden(ApiError):
    """The key lacks a permission, or belongs to another organisation (403)."""

    kind = "forbidden"
    default_hint = Hint(
        "Ask an admin for the permission, and check that the key belongs to DEVIN_ORG_ID, or to the "
        "enterprise for a tool of the enterprise.",
        model="Ask a person for the permission: the same call would be refused again.",
    )


class NotFound(ApiError):
    """The id, or the whole endpoint, is unknown to this organisation (404)."""

    kind = "not_found"
    default_hint = "Check the id and the organisation; list the resource to see what exists."


class Conflict(ApiError):
    """The resource is in a state that does not allow this (409)."""

    kind = "conflict"
    default_hint = "Read the resource again: it may have ended, or be archived."


class RateLimited(ApiError):
    """Too many requests (429). `retry_after` holds seconds when the server said so."""

    kind = "rate_limited"
    retryable = True
    default_hint = "Wait before calling again."


class ServerFault(ApiError):
    """The API failed (5xx). A write may have taken effect."""

    kind = "server_fault"
    retryable = True
    default_hint = "Reads can be repeated; look before repeating a write."


class UnexpectedResponse(DevinToolsError):
    """The API answered in a shape that does not fit the declared output."""

    kind = "unexpected_response"
    status = 0
    """The status it came with: after a 2xx a write took effect, though its answer cannot be read."""

    default_hint = Hint(
        "A proxy may have answered, or the API has changed: check DEVIN_BASE_URL.",
        model="A proxy may have answered, or the API has changed: a person has to look.",
    )


class PluginError(DevinToolsError):
    """A plugin could not be used."""

    kind = "plugin"
    hint_for_models = "A person has to mend the plugin, or leave it out: no other arguments help."


class BadDeclaration(PluginError):
    """A tool class breaks a rule of declaring tools."""

    kind = "bad_declaration"


class DuplicateTool(PluginError):
    """Two plugins provide a tool of the same name."""

    kind = "duplicate_tool"


_BY_STATUS: dict[int, type[ApiError]] = {400: BadRequest, 401: Unauthenticated, 403: Forbidden}
_BY_STATUS |= {404: NotFound, 409: Conflict, 422: BadRequest, 429: RateLimited}


def api_error_for(status: int) -> type[ApiError]:
    """Choose the class for an error status."""
    return _BY_STATUS.get(status, ServerFault if status >= 500 else ApiError)


def error_kinds() -> dict[str, type[DevinToolsError]]:
    """Map every kind to its class, the root's first."""
    found, left = {}, [DevinToolsError]
    for cls in left:
        found[cls.kind] = cls
        left += cls.__subclasses__()
    return found


__all__ = [
    *sorted(["Hint", *(cls.__name__ for cls in error_kinds().values())]),
    *("api_error_for", "error_kinds", "needs_extra", "what_is"),
]
