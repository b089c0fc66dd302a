"""The limits of the settings: what calls may do and spend, whoever makes them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast, get_args

from pydantic import BaseModel

from ..api.shared.fields import bare_id
from ..api.shared.once import tag_of_key
from ..api.shared.times import cron_counts
from ..declarations import describe
from ..errors import Ambiguous, ApiError, ConnectionFailed, Hint, Refused, ServerFault, UsageError
from ..headers import CONFIRM_HEADER
from ..permissions import veto_of
from ..settings import VARIABLES, Settings
from ..spec import Spec
from ..tool import Spending, Tool

OVERRIDE_HINT = f"Only the setting allow_unbounded ({VARIABLES['allow_unbounded']}) lets it pass."


Key: TypeAlias = "tuple[type[Tool[Any]], str]"
"""An idempotency key, with the tool that adopts by it."""


@dataclass
class Started:
    """How many sessions a client started, for whichever account."""

    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Guards the count, and what each of the limits that share it knows of keys."""


@dataclass
class CallContext:
    """What a client was asked to run: a whole call, which may be made of others."""

    is_confirmed: bool
    """Whether a person consents, to its parts as well."""
    spec: Spec | None = None
    """Its tool; `None` where bare steps are driven."""


class CallLimits:
    """Admits or refuses calls. One per account; clients made by `acting_as` share the count of sessions."""

    def __init__(self, settings: Settings, started: Started | None = None):
        self._settings = settings
        self._started = started or Started()
        self._adoptable: dict[Key, str] = {}
        """The session of each key that was counted, an empty text while its id is unknown: a further call
        with the key adopts it, and is not counted."""
        self._in_flight: Counter[Key | None] = Counter()
        """How many calls of each key are counted and not observed yet."""
        self._lock = self._started.lock

    @property
    def started(self) -> int:
        """How many sessions were started under these rules."""
        return self._started.count

    def for_account(self, settings: Settings) -> CallLimits:
        """Return the same rules for another account: its sessions count, its keys are its own."""
        return CallLimits(settings, self._started)

    def admit(self, spec: Spec, call: Tool[Any], context: CallContext, *, is_inside: bool) -> Tool[Any]:
        """Return the call to run, with an ACU limit where it can have one; raise `Refused` otherwise.

        A part of another call needs no place on the list of allowed tools: the outer call had that. What
        is denied is denied inside too, and consent to the outer call is consent to its parts: so what
        starts sessions again and again is a part only of a call that says it does.
        """
        settings = self._settings
        require_permitted(spec, settings, is_inside=is_inside)
        if settings.confirm and spec.effect.needs_consent and not context.is_confirmed:
            cost = recurring_cost(call, settings)
            message = f"{spec.name} {spec.effect.risk}, and nobody confirmed it."
            raise refused("confirm", f"{message} {cost}" if cost else message)
        outer = context.spec if is_inside else None
        if outer and not outer.is_standing and _repeats(call) and not settings.allow_unbounded:
            raise refused(
                "allow_unbounded",
                f"{spec.name} makes sessions start by themselves, again and again, and {outer.name}, "
                "which performs it, does not say so.",
            )
        return with_acu_limit(call, settings)

    def count(self, call: Tool[Any]) -> None:
        """Count a session that is about to be started; raise `Refused` when it is one too many."""
        if not _starts_any(call):
            return
        most, key = self._settings.max_sessions, _key_of(call)
        with self._lock:
            if key in self._adoptable:
                return
            if key is not None and self._in_flight.pop(key, 0):
                # Calls with a key take turns, so the one before was cancelled and never observed: this one
                # adopts what it may have made.
                self._adoptable[key] = ""
                return
            if most is not None and self._started.count >= most:
                raise refused(
                    "max_sessions", f"This client has started {most} sessions: it may start no more."
                )
            self._started.count += 1
            self._in_flight[key] += 1

    def observe(self, call: Tool[Any], outcome: Any) -> None:
        """Correct the count: a session that was adopted, or was certainly not created, does not count."""
        if self._adoptable:
            self._forget_tagged(call)
        if not _starts_any(call):
            return
        key, is_there = _key_of(call), not isinstance(outcome, Exception)
        is_started = _is_started(call, outcome)
        with self._lock:
            was_counted = self._in_flight[key] > 0
            if was_counted:
                self._in_flight[key] -= 1
            self._started.count += int(is_started) - int(was_counted)
            if key is not None and (is_there or is_started):
                self._adoptable[key] = bare_id(str(getattr(outcome, "session_id", "")))

    def _forget_tagged(self, call: Tool[Any]) -> None:
        """Forget the keys of a session that loses their tags: a call with one of them would start another."""
        from ..api.tags import ReplaceSessionTags  # most clients hold no key

        if not isinstance(call, ReplaceSessionTags):
            return
        bare = bare_id(call.session_id)
        with (
            self._lock
        ):  # a key of an unknown session may be of this one; to count it again errs on the safe side
            lost = [key for key, session_id in self._adoptable.items() if session_id in (bare, "")]
            for key in lost:
                if tag_of_key(key[1]) not in call.tags:
                    del self._adoptable[key]


def require_permitted(spec: Spec, settings: Settings, *, is_inside: bool = False) -> None:
    """Raise `Refused` for a tool that the settings refuse whatever its arguments are."""
    if veto := veto_of(spec, settings, is_inside=is_inside):
        raise refused(veto.rule, veto.reason)


def with_acu_limit(call: Tool[Any], settings: Settings) -> Tool[Any]:
    """Return a call with an ACU limit, where it can have one.

    Raises `Refused` for a recurring call under `max_sessions`, for a limit above `max_acu`, and under
    `max_acu` for a tool that takes no limit.
    """
    spec = describe(type(call))
    spending = spec.effect.spending
    if spending is None or not spending.starts_any(call):
        return call
    if settings.max_sessions is not None and spending.repeats(call) and not settings.allow_unbounded:
        most = settings.max_sessions
        raise refused(
            "max_sessions",
            f"{spec.name} makes sessions start by themselves, again and again, "
            f"and no more than {most} may be started. {OVERRIDE_HINT}",
        )
    ceiling = settings.max_acu
    if spending.limit is None:
        if ceiling is not None and not settings.allow_unbounded:
            raise refused("max_acu", f"{spec.name} takes no limit of ACUs that it may spend. {OVERRIDE_HINT}")
        return call
    limit = _value_at(call, spending.limit)
    if limit is None:
        if _keeps_limit(spec, spending, call):
            return call
        limit = settings.default_acu or ceiling
    elif ceiling is not None and not 0 < limit <= ceiling:
        raise refused("max_acu", f"{spending.limit} is above the ceiling of {ceiling}.")
    # Set it also where it is the field's default: fields that were not given are not sent.
    return call if limit is None else _with_limit(call, spending.limit, limit)


def _keeps_limit(spec: Spec, spending: Spending, call: Tool[Any]) -> bool:
    """Return whether a call leaves the limit of what stands already as it is: it changes other things of it.

    One that switches it on, or takes the limit away, is given a limit as a new one is.
    """
    if spec.route is None or spec.route.method != "PATCH" or spending.limit is None:
        return False
    switches_on = spending.stops is not None and getattr(call, spending.stops) is True
    return not switches_on and not _names(call, spending.limit)


def refused(rule: str, message: str, more: Mapping[str, Any] | None = None) -> Refused:
    """Make the refusal of a rule, which says how to change it."""
    named = f"The rule is the setting {rule} ({VARIABLES[rule]})"
    hint = Hint(f"{named}: change it if you may.", model=f"{named}: only a person may change it.")
    if rule == "confirm":
        hint = Hint(
            f"{named}: a person has to consent.",
            python=f"{named}: pass confirm=True where a person consents.",
            cli=f"{named}: repeat it with --yes where you consent.",
            http=f"A person consents with the header {CONFIRM_HEADER}: true.",
            form=f"{named}: tick the field that gives consent.",
            model=f"{named}: a person has to consent. Tell them what you want to do, and ask.",
        )
    return Refused(
        message,
        hint=hint,
        details=[{"rule": rule, "variable": VARIABLES[rule]} | dict(more or {})],
    )


def as_admitted(call: Tool[Any], arguments: Mapping[str, Any]) -> Tool[Any]:
    """Return a call with the ACU limit of these arguments: some engines admit calls in another process."""
    spending = describe(type(call)).effect.spending
    if spending is None or spending.limit is None:
        return call
    limit: Any = arguments
    for name in spending.limit.split("."):
        limit = (limit or {}).get(name)
    return call if limit is None else _with_limit(call, spending.limit, limit)


def recurring_cost(call: Tool[Any], settings: Settings) -> str | None:
    """Return how often a call makes sessions start by themselves, and what they may spend, or `None`."""
    spending = describe(type(call)).effect.spending
    if spending is None or not spending.repeats(call):
        return None
    cron = getattr(call, spending.cron) if spending.cron else None
    counts = cron_counts(cron) if cron else None
    limit = _limit_in_force(call, spending, settings)
    each = "without a limit of ACUs" if limit is None else f"at most {limit} ACUs each"
    each = "each within the limit that it has" if _is_left_alone(call, spending, settings) else each
    if counts is None:
        return f"It makes sessions start by themselves, {each}; how often, this call does not say."
    day, month = counts
    in_all = "" if limit is None else f", {day * limit:,} ACUs in a day and {month * limit:,} in 30 days"
    return (
        f"It makes up to {day:,} sessions start by themselves in a day, {month:,} in 30 days, {each}{in_all}."
    )


def acu_bound(call: Tool[Any], settings: Settings) -> str:
    """Return what bounds the ACUs that a call may spend; an empty text where it does not say."""
    spending = describe(type(call)).effect.spending
    if spending is None or spending.starts == "nothing":
        return ""
    if spending.total and (total := _value_at(call, spending.total)) is not None:
        return f"at most {total} in all"
    if spending.starts == "parts" and spending.limit is None:
        return ""
    if _is_left_alone(call, spending, settings):
        return "within the limit that it has"
    limit = _limit_in_force(call, spending, settings)
    each = "" if spending.starts == "one" else " a session"
    return "without a limit" if limit is None else f"at most {limit}{each}"


def _is_left_alone(call: Tool[Any], spending: Spending, settings: Settings) -> bool:
    """Return whether the limit that stands is not touched: this call does not tell how much it is."""
    spec, is_given = describe(type(call)), (settings.default_acu or settings.max_acu) is not None
    if is_given or spec.route is None or spec.route.method != "PATCH" or spending.limit is None:
        return _keeps_limit(spec, spending, call)
    return not _names(call, spending.limit)


def _limit_in_force(call: Tool[Any], spending: Spending, settings: Settings) -> int | None:
    if spending.limit is None:
        return None
    limit = _value_at(call, spending.limit)
    return settings.default_acu or settings.max_acu if limit is None else limit


def _repeats(call: Tool[Any]) -> bool:
    spending = describe(type(call)).effect.spending
    return spending is not None and spending.repeats(call)


def _starts_any(call: Tool[Any]) -> bool:
    spending = describe(type(call)).effect.spending
    return spending is not None and spending.starts_any(call)


def _key_of(call: Tool[Any]) -> Key | None:
    """Return the key by which a call adopts what another call of its kind has started."""
    spending, keeper = describe(type(call)).effect.spending, _looks_first(type(call))
    key = None if spending is None or spending.key is None else getattr(call, spending.key)
    return None if key is None or keeper is None else (keeper, key)


def _looks_first(tool: type[Tool[Any]]) -> type[Tool[Any]] | None:
    """Return the class whose flow looks for what it may have started before it fails; `None` for other flows.

    A class that derives from it and has a flow of its own does not inherit that promise with the effect.
    """
    spending = describe(tool).effect.spending
    if spending is None or spending.key is None:
        return None
    promises, flows = (next(cls for cls in tool.__mro__ if name in vars(cls)) for name in ("effect", "flow"))
    return promises if promises is flows else None


def _is_started(call: Tool[Any], outcome: Any) -> bool:
    """Return whether a call started something; after a failure, unless it certainly did not."""
    if not isinstance(outcome, Exception):
        return getattr(outcome, "creation", "created") == "created"
    if _looks_first(type(call)):  # it raises Ambiguous when it cannot tell
        return isinstance(outcome, Ambiguous)
    is_refusal = isinstance(outcome, ApiError) and not isinstance(outcome, ServerFault)
    return not (is_refusal or isinstance(outcome, UsageError | ConnectionFailed))


def _value_at(call: Tool[Any], path: str) -> int | None:
    found: Any = call
    for name in path.split("."):
        found = getattr(found, name, None)
    return cast(int | None, found)


def _names(call: BaseModel, path: str) -> bool:
    """Return whether a call says something of a field, or of all that it stands in: null too."""
    name, _, rest = path.partition(".")
    inner = getattr(call, name, None)
    return name in call.model_fields_set and (not isinstance(inner, BaseModel) or _names(inner, rest))


def _with_limit(call: Any, path: str, limit: int) -> Any:
    """Return a copy of a call with a limit in it, in a nested model where the path leads to one."""
    name, _, rest = path.partition(".")
    if not rest:
        return call.model_copy(update={name: limit})
    inner = getattr(call, name)
    if inner is None:
        inner = _empty_model(type(call), name)
    return call.model_copy(update={name: _with_limit(inner, rest, limit)})


def _empty_model(model: type[BaseModel], name: str) -> BaseModel:
    """Make the empty model that a field holds."""
    return next(_models(model.model_fields[name].annotation)).model_construct()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the models in an annotation, in whatever unions and `Annotated` they stand."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
