"""What a tool is: a class says what an operation does, an instance is one call of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, cast

from pydantic import (
    AliasChoices,
    AliasGenerator,
    ConfigDict,
    GetCoreSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, PydanticUndefined

from .codec import decode, encode, id_of, invalid
from .effects import (
    BY_VERB,
    DESTROY,
    DOCUMENTED,
    READ,
    USER_ONLY,
    WRITE,
    Documented,
    Effect,
    Example,
    Spending,
    Visibility,
)
from .errors import BadDeclaration, Hint, InvalidArguments, what_is
from .flow import After, Before, Flow, Hold, Monotonic
from .lazy_models import LazyModel, complete_fields, other_names
from .locations import Wire
from .text.encoding import LONE_SURROGATE, TOO_DEEP, Location, is_plain, nested_too_deeply, unencodable
from .wire import Route

if TYPE_CHECKING:
    from .text.values import Fault

__all__ = [
    "DESTROY", "DOCUMENTED", "READ", "USER_ONLY", "WRITE", "Documented", "Effect", "Example", "Input",
    "Output", "Spending", "Tool", "Visibility", "arguments_of", "effect_of", "output_of", "perform",
    "require_call", "require_flow", "user_only_of", "with_text_read",
]  # fmt: skip


class Input(LazyModel):
    """Arguments: frozen, closed, described by the text under each field.

    Every mixin must derive from this, or its fields lose their descriptions. Names are accepted
    in snake_case and camelCase.

    Whatever makes one, or a copy, raises `InvalidArguments` for what does not fit. Pydantic itself, where it
    makes one as a part of another model or for a `TypeAdapter`, finds the faults field by field and raises
    its own `ValidationError`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        alias_generator=AliasGenerator(validation_alias=to_camel),
        populate_by_name=True,
        loc_by_alias=False,
    )

    takes_text: ClassVar[bool] = True
    """Whether lists and objects may come as JSON text: from people and models, and not off the wire."""

    if not TYPE_CHECKING:  # type checkers know better what each model takes

        def __init__(self, /, *unnamed: Any, **given: Any) -> None:
            """Make a call, or a part of one, from its arguments; raise `InvalidArguments`."""
            __tracebackhide__ = True
            if unnamed:
                _refuse_unnamed(type(self))
            try:  # as `_checked` does; a call of that would be felt in each call of a tool
                super().__init__(**given)
            except (ValidationError, RecursionError) as error:
                refused = _refusal(type(self), error)
            else:
                return
            raise refused

        # Pydantic is to make nested ones without it: so it does with an `__init__` that it did not write.
        __init__.__pydantic_base_init__ = True

        @classmethod
        def model_validate(cls, *given: Any, **options: Any) -> Any:
            """Make one as `BaseModel.model_validate` does; raise `InvalidArguments`."""
            return _checked(cls, super().model_validate, *given, **options)

        @classmethod
        def model_validate_json(cls, *given: Any, **options: Any) -> Any:
            """Make one as `BaseModel.model_validate_json` does; raise `InvalidArguments`."""
            return _checked(cls, super().model_validate_json, *given, **options)

        @classmethod
        def model_validate_strings(cls, *given: Any, **options: Any) -> Any:
            """Make one as `BaseModel.model_validate_strings` does; raise `InvalidArguments`."""
            return _checked(cls, super().model_validate_strings, *given, **options)

        def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Any:
            """Return a copy with other arguments, which are checked; raise `InvalidArguments`."""
            fitting = _checked(type(self), _as_read, self, update) if update else None
            return super().model_copy(update=fitting, deep=deep)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a field under the name that the API gives it too, where that is another."""
        for name, info in cls.model_fields.items():
            wire = next((mark.name for mark in info.metadata if isinstance(mark, Wire)), None)
            if wire and not isinstance(info.validation_alias, AliasChoices):
                # Older pydantic has made no alias yet, and would put its own over one without a priority.
                info.validation_alias = AliasChoices(info.validation_alias or to_camel(name), wire)
                info.alias_priority = 2
        return handler(source)

    @model_validator(mode="before")
    @classmethod
    def _is_readable(cls, given: Any) -> Any:
        """Read lists and objects that came as JSON text.

        Refuse what nobody can read for sure, and what a service, or what checks arguments, may break on: odd
        text and endless nesting.
        """
        given, faults = with_text_read(cls, given)
        if not faults and is_plain(given):
            return given
        faults += [("unencodable", LONE_SURROGATE, where) for where in unencodable(given)]
        if deep := nested_too_deeply(given):
            faults.append(("deep", TOO_DEEP, deep))
        if faults:
            errors = [
                InitErrorDetails(type=PydanticCustomError(kind, reason), loc=where, input=None)
                for kind, reason, where in faults
            ]
            raise ValidationError.from_exception_data(cls.__name__, errors, hide_input=True)
        return given


def with_text_read(model: type[Input], given: Any) -> tuple[Any, list[tuple[str, str, Location]]]:
    """Return arguments with lists and objects in place of their JSON text, and what is wrong with others."""
    if not (given and model.takes_text and isinstance(given, dict)):
        return given, []
    read, faults = _reader()(model, given)
    return read, [("json_text", fault.reason, fault.where) for fault in faults] if faults else []


@cache
def _reader() -> Callable[[type[Input], Mapping[str, Any]], tuple[Any, list[Fault]]]:
    """Return what reads text, which is imported at the first call: a start makes none."""
    from .text.values import read_values

    return read_values


def _checked(cls: type[Input], make: Callable[..., Any], /, *given: Any, **options: Any) -> Any:
    """Return what pydantic makes, or raise its error as ours, which keeps no hold of the rejected values."""
    __tracebackhide__ = True
    try:
        return make(*given, **options)
    except (ValidationError, RecursionError) as error:
        refused = _refusal(cls, error)
    raise refused  # here, where it has no context


def _refusal(cls: type[Input], error: ValidationError | RecursionError) -> InvalidArguments:
    """Return an error of pydantic as ours; it suggests to a model no field that only a person may fill."""
    from .text.values import names_of

    name = id_of(cls) if issubclass(cls, Tool) else cls.__name__
    if isinstance(error, ValidationError):
        known = [each for each in cls.model_fields if each not in user_only_of(cls)]
        refused = invalid(name, error, known, names_of(cls))
    else:
        refused = InvalidArguments(f"The arguments of {name} are nested too deeply.")
    if issubclass(cls, Tool):
        refused.tool = name
    return refused


def _refuse_unnamed(cls: type[Input]) -> NoReturn:
    name = cls.__name__
    raise InvalidArguments(f"{name} takes its arguments by name: {name}({_required(cls) or '...'}).")


def _required(cls: type[Input]) -> str:
    return ", ".join(f"{name}=..." for name, info in cls.model_fields.items() if info.is_required())


def _as_read(call: Input, update: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a copy by the names of their fields, as a call made with them holds them.

    Raise for those that do not fit; what the call holds already is not judged again.
    """
    known = other_names(type(call))
    new = {known.get(name, name): value for name, value in update.items()}
    given = {name: getattr(call, name) for name in call.model_fields_set if name not in new}
    try:
        fitted = super(Input, type(call)).model_validate({**given, **new})
    except ValidationError as error:
        if any(not fault["loc"] or fault["loc"][0] in new for fault in error.errors(include_url=False)):
            raise
        return new
    return {name: getattr(fitted, name) for name in new}


class Output(LazyModel):
    """What a tool returns: frozen and open, because the API grows between releases."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
    )

    brief: ClassVar[frozenset[str] | None] = None
    """The fields that a brief output keeps, beside the required ones; `None`: all but the long ones."""

    from_flow: ClassVar[frozenset[str]] = frozenset()
    """The fields declared here that no response of the API holds: what the tool reports of its own work."""

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        cls._make_lists_anew()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        cls._make_lists_anew()  # where models are not lazy, this comes before the hook above
        return handler(source)

    @classmethod
    def _make_lists_anew(cls) -> None:
        """Make an empty list that is a default anew: pydantic would copy it deeply for each row of a page."""
        for info in cls.model_fields.values():
            if info.default == [] and not callable(info.json_schema_extra):
                info.default, info.default_factory = PydanticUndefined, list
                info.json_schema_extra = {"default": []} | (info.json_schema_extra or {})


Out = TypeVar("Out", bound=Output, covariant=True)


class Tool(Input, Generic[Out]):
    """One operation. Subclass it with the output as type argument; an instance is one call.

    The class name gives the tool's id, the docstring its summary and description, the fields its
    input, `route` the request. A tool made of other tools has no route and overrides `flow`.

    Bases with arguments stand first, the tool last: `class X(OnSession, Paged[Page])`. Python looks for
    `flow` from the left, so what wraps a flow with `super().flow()` must be a tool and stand before the
    one it wraps. Pydantic collects fields from the right: those of the last base come first in schemas.
    """

    route: ClassVar[Route | None] = None
    effect: ClassVar[Effect | None] = None
    """`None`: what the verb implies."""
    resource: ClassVar[str] = ""
    """The group it belongs to; left out, the name of its module."""
    scope: ClassVar[str] = ""
    """What the key must be one of: `organization` or `enterprise`; left out, what the route says."""
    permission: ClassVar[str] = ""
    """The vendor's name of the permission that the key needs; left out, that of the route."""
    keywords: ClassVar[str] = ""
    """What people say who want it, in words that its name and its summary do not have, with commas between:
    `kill, blocked by policy`. Searches read them; models are not shown them."""
    version: ClassVar[str] = "1.0.0"
    beta: ClassVar[bool] = False
    """Whether it may still change; a path of a beta says so by itself."""
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    """Arguments of calls. Left out: those of one call, made of what `Example` or the type of each required
    field says; none when one of them says nothing."""
    is_one_request: ClassVar[bool] = True
    """Whether the request of `route` alone does what the tool promises: not so for one that reads before it
    writes, or that moves files."""

    def flow(self) -> Flow[Out]:
        """Perform the call: yield steps, receive what each gives back, return the output."""
        assert self.route is not None, "a tool without a route overrides flow"
        response = yield encode(self.route, self)
        output = cast(type[Out], output_of(type(self)))
        given = vars(self)  # asking pydantic for what is not a field, as org_id, costs more than the rest
        return decode(output, response, {n: given[n] for n in self.route.placeholders if n in given})


def arguments_of(call: Input, model: type[Input]) -> dict[str, Any]:
    """Return the arguments that a call was given, of those that a model declares."""
    return {name: getattr(call, name) for name in model.model_fields if name in call.model_fields_set}


def require_call(given: object) -> None:
    """Raise `InvalidArguments` for what is not a call, such as the class or the name of a tool."""
    if isinstance(given, Tool):
        return
    name, such, what = "GetSession", "GetSession(session_id=...)", what_is(given)
    if isinstance(given, type) and issubclass(given, Tool):
        name = given.__name__
        such = f"{name}({_required(given)})"
    raise InvalidArguments(
        f"A call is an instance of a tool's class, such as {such}, and this is {what}.",
        hint=Hint(
            python=f"Pass {name}(...) with its arguments; for a name and plain arguments, "
            "load_catalog().call(name, arguments) makes the call.",
        ),
    )


def require_flow(given: object) -> None:
    """Raise `InvalidArguments` for what is not a flow, such as the call that has one."""
    if not isinstance(given, Generator):
        raise InvalidArguments(
            f"A flow is what call.flow() returns, and this is {what_is(given)}.",
            hint="To perform a call, give it to run.",
        )


def perform(call: Tool[Out], *, is_inside: bool = True, end: float = math.inf) -> Flow[Out]:
    """Run a call as a part of a flow, under the guards that a call of its own would meet.

    A request that has an idempotency key is run while no other call with that key runs, and waits for its
    turn until `end`, on the clock of `Monotonic`. It is admitted and counted in its turn, and observed: who
    comes next knows then what came of it. A tool made of others holds nothing itself: it may take hours,
    and its parts take turns.
    """
    require_call(call)
    key = vars(call).get("idempotency_key") if call.route is not None else None
    if key is None:
        return (yield from _guarded(call, is_inside))
    timeout = None if end == math.inf else max(0.0, end - (yield Monotonic()))
    with (yield Hold(str(key), timeout)):
        return (yield from _guarded(call, is_inside))


def _guarded(call: Tool[Out], is_inside: bool) -> Flow[Out]:
    # Guards are asked by steps, not called: whoever drives the flow asks them where they are, which is in
    # an activity for a workflow, and in no place at all for a preview.
    call = yield Before(call, is_inside)
    try:
        output = yield from call.flow()
    except Exception as error:
        yield After(call, error, is_inside)
        raise
    yield After(call, output, is_inside)
    return output


@cache
def output_of(tool: type[Tool[Any]]) -> type[Output]:
    """Find the type argument a tool was declared with."""
    for cls in tool.__mro__:
        generic = getattr(cls, "__pydantic_generic_metadata__", {})
        origin = generic.get("origin") or object
        if issubclass(origin, Tool) and isinstance(generic["args"][0], type):
            return cast(type[Output], generic["args"][0])
    raise BadDeclaration(f"{tool.__name__} does not say its output: derive from Tool[SomeOutput].")


def user_only_of(tool: type[Input]) -> frozenset[str]:
    """Find the fields that only a person may fill."""
    complete_fields(tool)
    return frozenset(
        name
        for name, info in tool.model_fields.items()
        if any(isinstance(mark, Visibility) and mark.name == "user" for mark in info.metadata)
    )


def effect_of(tool: type[Tool[Any]]) -> Effect:
    """Return the declared effect, or what the verb implies."""
    if tool.effect is not None:
        return tool.effect
    if tool.route is None:
        raise BadDeclaration(f"{tool.__name__} has no route, so it must say its effect.")
    return BY_VERB[tool.route.method]
