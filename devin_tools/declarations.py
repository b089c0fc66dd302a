"""`describe(tool)`: reads a tool's class, and refuses one that breaks a rule of declarations."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, get_args

from pydantic import AliasChoices, BaseModel

from .codec import id_of, words_of
from .docstrings import attribute_docstrings, own_docstring
from .errors import BadDeclaration, Hint, InvalidArguments, what_is
from .lazy_models import complete_fields
from .locations import Place, places
from .paging.brief import Abridged, Detailed
from .paging.pages import paging_of
from .schemas.traversal import Schema, alternatives, not_null, resolve, transform
from .spec import MAX_NAME, SCOPE_NAMES, Source, Spec
from .tool import USER_ONLY, Effect, Example, Output, Spending, Tool, effect_of, output_of, user_only_of
from .tool_index import index_files, indexed
from .wire import Route

__all__ = ["RESERVED_NAMES", "describe", "described", "write_index"]

RESERVED_NAMES = frozenset(
    {"self", "config", "run_manager", "ctx", "context", "callbacks", "runtime", "agent"}
)
"""Argument names that some agent framework swallows or crashes on."""

ROUTE = re.compile(r"(/([\w.~%:@+-]|{\w+(:path)?})*)+", re.ASCII)
WIRE_NAME = re.compile(r"[\w.$@:\[\]-]+", re.ASCII)


def describe(tool: type[Tool[Any]]) -> Spec:
    """Return the description of a tool: from the index that has it, else from its class.

    Raises `BadDeclaration` when the class breaks a rule. The schemas are shared: exporters copy them.
    """
    if not (isinstance(tool, type) and issubclass(tool, Tool)):
        raise BadDeclaration(
            f"A tool is a class that derives from Tool, and this is {what_is(tool)}.",
            hint=Hint(python="For a call, describe type(call); for a name, ask load_catalog().spec(name)."),
        )
    return indexed(tool) or described(tool)


@cache
def described(tool: type[Tool[Any]]) -> Spec:
    """Describe a tool by its class, whatever an index says; raise as `describe` does."""
    complete_fields(tool)
    _refuse_first(_problems(tool))
    summary, description = _texts(tool)
    effect, source, user_only = effect_of(tool), _Class(tool), user_only_of(tool)
    complete_fields(source.output)
    _refuse_first(_spending_problems(tool, effect, source.input_schema))
    return Spec(
        name=id_of(tool),
        title=" ".join(words_of(tool)).capitalize(),
        summary=summary,
        description=description,
        resource=_resource(tool),
        keywords=tuple(filter(None, map(str.strip, tool.keywords.split(",")))),
        version=tool.version,
        effect=effect,
        route=tool.route,
        scope=tool.scope or (tool.route.scope if tool.route else "organization"),
        permission=tool.permission or (tool.route.permission if tool.route else ""),
        beta=tool.beta or (tool.route is not None and tool.route.is_beta),
        is_one_request=tool.route is not None and tool.is_one_request,
        user_only=user_only,
        missing_from_models=tuple(filter(user_only.__contains__, source.input_schema.get("required", ()))),
        comma_lists=_comma_lists(tool, source.input_schema),
        times=_times(tool, source.input_schema),
        answer_names=_answer_names(source.output),
        from_flow=_from_flow(source.output),
        paging=paging_of(tool),
        examples=tool.examples or _example(tool),
        module=tool.__module__,
        class_name=tool.__qualname__,
        source=source,
    )


def write_index(folder: Path, tools: Iterable[type[Tool[Any]]]) -> None:
    """Write the index of a plugin's tools into a folder of its package, which `read_index` reads.

    Raises `BadDeclaration` as `describe` does, and for a class that cannot be imported by its name, as one of
    the script that runs; then nothing is written.
    """
    found = [described(tool) for tool in tools]
    for spec in found:
        if spec.module == "__main__" or "<locals>" in spec.class_name:
            raise BadDeclaration(
                f"{spec.class_name} cannot be imported from {spec.module}: an index holds classes of modules."
            )
    files = index_files(found)
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


class _Class(Source):
    """The parts of a spec that are made of the class itself."""

    def __init__(self, tool: type[Tool[Any]]):
        self._tool, self._output = tool, output_of(tool)

    @property
    def tool(self) -> type[Tool[Any]]:
        return self._tool

    @property
    def output(self) -> type[Output]:
        return self._output

    @property
    def places(self) -> tuple[Place, ...]:
        return places(self._tool, self._tool.route) if self._tool.route else ()

    @cached_property
    def input_schema(self) -> Schema:
        return _schema_of(self.tool, "validation")

    @cached_property
    def output_schema(self) -> Schema:
        return _schema_of(self.output, "serialization")


def _refuse_first(problems: Iterator[str]) -> None:
    for problem in problems:
        raise BadDeclaration(problem)


def _texts(tool: type[Tool[Any]]) -> tuple[str, str]:
    summary, _, rest = inspect.cleandoc(own_docstring(tool) or "").partition("\n")
    summary = " ".join(summary.split())
    return summary, " ".join(f"{summary} {rest}".split())


def _resource(tool: type[Tool[Any]]) -> str:
    """Return the group of a tool: its module, with the folders that this lies in within a package `api`."""
    home = tool.__module__.rpartition(".api.")[2].replace(".", "_") if ".api." in tool.__module__ else ""
    return tool.resource or home or tool.__module__.rpartition(".")[2]


def _problems(tool: type[Tool[Any]]) -> Iterator[str]:
    """Yield what is wrong with a declaration: with its texts and names, output, fields and route."""
    name, (summary, _) = tool.__name__, _texts(tool)
    if not (summary.endswith(".") and len(summary) < 80):
        yield (
            f"The docstring of {name} must open with one line, under 80 characters, that ends in a full stop."
        )
    if "".join(words_of(tool)) != name or len(id_of(tool)) > MAX_NAME:
        yield (
            f"{name} must be named in capitalised words, such as GetThing, that make a tool id of at most "
            f"{MAX_NAME} characters."
        )
    if not re.fullmatch(r"[\w.-]+", tool.__module__) or not re.fullmatch(r"[\w-]+", _resource(tool)):
        yield (
            f"The module and the resource of {name} must be names, such as my_package.things: they become "
            "parts of files and of their paths."
        )
    if not isinstance(tool.keywords, str):
        yield f"The keywords of {name} must be one text, with commas between them."
    if issubclass(tool, Detailed) and not issubclass(output_of(tool), Abridged):
        yield f"{name} takes `detail`, so its output must derive from Abridged."
    yield from _field_problems(tool)
    if tool.route is not None:
        yield from _route_problems(tool, tool.route)


def _field_problems(tool: type[Tool[Any]]) -> Iterator[str]:
    for name, info in tool.model_fields.items():
        field = f"{tool.__name__}.{name}"
        if not (name.isidentifier() and name.isascii()):
            yield f"A field of {tool.__name__} has a name that is not an ASCII identifier."
        if not (info.description or name in attribute_docstrings(tool)):
            yield f"{field} has no description: write a string under the field."
        if name in RESERVED_NAMES or keyword.iskeyword(name):
            yield f"{field}: agent frameworks swallow this name; choose another."
        if name not in user_only_of(tool) and _has_mark_within(info.annotation, frozenset()):
            yield f"{field}: only a whole field of a tool can be USER_ONLY, and a part of it is marked so."


def _has_mark_within(annotation: Any, seen: frozenset[Any]) -> bool:
    """Return whether a part of what a field holds is marked as what only a person may fill."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {} if annotation in seen else annotation.model_fields
        return any(
            USER_ONLY in info.metadata or _has_mark_within(info.annotation, seen | {annotation})
            for info in fields.values()
        )
    parts = get_args(getattr(annotation, "__value__", annotation))
    return USER_ONLY in parts or any(_has_mark_within(part, seen) for part in parts)


def _route_problems(tool: type[Tool[Any]], route: Route) -> Iterator[str]:
    """Yield what must not become a part of URLs, or of code where a format writes URLs."""
    if not (ROUTE.fullmatch(route.path) and re.fullmatch("[A-Z]+", route.method)):
        yield (
            f"The route of {tool.__name__} must be a method and a path of plain segments and "
            "{placeholders}, such as GET /v3/things/{thing_id}."
        )
    for place in places(tool, route):
        if not (WIRE_NAME.fullmatch(place.wire) and re.fullmatch(r"[\w-]*", place.prefix, re.ASCII)):
            yield f"{tool.__name__}.{place.field}: its name on the wire and its prefix must be plain names."
    for name in route.placeholders:
        if name in tool.model_fields and not tool.model_fields[name].is_required():
            yield f"{tool.__name__}.{name} stands in the path, so it must be required."
        if name not in tool.model_fields and name not in SCOPE_NAMES:
            yield f"{tool.__name__}: the path names {{{name}}}, which is neither a field nor a scope name."


def _spending_problems(tool: type[Tool[Any]], effect: Effect, schema: Schema) -> Iterator[str]:
    """Yield why the limits of the settings could not be applied to what a tool spends."""
    name, spending = tool.__name__, effect.spending
    if effect.is_billable != (spending is not None):
        yield (
            f"{name} spends ACUs, so its effect must say how: "
            'for example WRITE.billable(Spending(starts="one", limit="max_acu_limit")).'
        )
    if spending is None:
        for base in tool.__mro__:
            if issubclass(base, Tool) and base.effect is not None and base.effect.is_billable:
                yield f"{name} is a {base.__name__}, which spends ACUs: it must say how."
    else:
        yield from _wrong_spending(tool, spending, schema)


def _wrong_spending(tool: type[Tool[Any]], spending: Spending, schema: Schema) -> Iterator[str]:
    name, bounds = tool.__name__, [bound for bound in (spending.limit, spending.total) if bound is not None]
    if bounds and spending.starts == "nothing":
        yield f"{name} starts nothing, so it has no limit to say."
    if tool.route is not None and tool.route.method == "GET":
        yield f"{name} may not spend: its GET is sent again after faults."
    if spending.starts == "parts" and tool.route is not None:
        yield f"{name} has a route, so it spends by more than the calls it performs."
    for bound in bounds:
        if not _is_integer_at(schema, schema, bound.split(".")):
            yield f"{name}: the limit {bound} is not a field that holds a whole number."
    for named in filter(None, (spending.cron, spending.once and spending.once[0], spending.stops)):
        if spending.starts != "standing" or named not in tool.model_fields:
            yield f"{name}: {named} is not a field of what starts sessions by itself."


def _is_integer_at(root: Mapping[str, Any], schema: Mapping[str, Any], path: list[str]) -> bool:
    """Return whether a path leads to a whole number, or null, in every form of a schema."""
    if "$ref" in schema:
        return _is_integer_at(root, resolve(root, schema["$ref"]), path)
    if "anyOf" in schema:
        forms = not_null(schema["anyOf"])
        return bool(forms) and all(_is_integer_at(root, form, path) for form in forms)
    if not path:
        return schema.get("type") == "integer"
    part = schema.get("properties", {}).get(path[0])
    return part is not None and _is_integer_at(root, part, path[1:])


def _example(tool: type[Tool[Any]]) -> tuple[Mapping[str, Any], ...]:
    """Make an example of a tool that gives none, when each of its required fields has one."""
    found = {}
    for name, info in tool.model_fields.items():
        if info.is_required():
            marks = [mark.value for mark in info.metadata if isinstance(mark, Example)]
            if not (values := marks or info.examples):
                return ()
            found[name] = values[0]
    return (found,) if found else ()


def _comma_lists(tool: type[Tool[Any]], schema: Schema) -> frozenset[str]:
    """Find the lists that may be given as text with commas, which only their validators know."""
    return frozenset(
        name
        for name, part in schema.get("properties", {}).items()
        if any("items" in form for form in alternatives(part, schema)) and _takes(tool, name, "text")
    )


def _times(tool: type[Tool[Any]], schema: Schema) -> frozenset[str]:
    """Find the whole numbers that may be given as a day in text, which only their validators know."""
    return frozenset(
        name
        for name, part in schema.get("properties", {}).items()
        if any(form.get("type") == "integer" for form in alternatives(part, schema))
        and _takes(tool, name, "2026-01-31")
    )


def _takes(tool: type[Tool[Any]], name: str, text: str) -> bool:
    try:
        tool.model_validate({name: text})
    except InvalidArguments as error:
        return all(re.split(r"[.\[]", item["path"])[0] != name for item in error.details)
    except Exception:  # a validator of the tool's own that needs its other fields
        return False
    return True


def _answer_names(output: type[Output]) -> dict[str, str]:
    """Find the fields of an output that the API's answer has under another name first, with that name."""
    return {
        name: str(info.validation_alias.choices[0])
        for name, info in output.model_fields.items()
        if isinstance(info.validation_alias, AliasChoices)
    }


def _from_flow(output: type[Output]) -> frozenset[str]:
    return frozenset(name for model in output.__mro__ for name in vars(model).get("from_flow", ()))


def _schema_of(model: type[Any], mode: Any) -> dict[str, Any]:
    """Return a model's JSON Schema (2020-12) without the noise pydantic adds.

    Titles repeat the names. A default of null would tell builders to send null, which the API
    reads differently from leaving the field out.
    """
    schema: Schema = model.model_json_schema(by_alias=False, mode=mode)
    return transform({key: value for key, value in schema.items() if key != "description"}, _without_noise)


def _without_noise(node: Schema) -> Schema:
    """Return one schema without pydantic's noise, and the same for all its versions."""
    quiet: Schema = {}
    for key, value in node.items():
        if key == "title" or (key == "default" and value is None):
            continue
        if key == "description":
            value = " ".join(value.split())
        elif isinstance(value, float) and value.is_integer():  # older pydantic writes bounds as 60.0
            value = int(value)
        quiet[key] = value
    if quiet.get("type") == "object" and "properties" not in quiet:  # older pydantic leaves it unsaid
        quiet = {"additionalProperties": True} | quiet
    if len(quiet.get("allOf", ())) == 1:  # older pydantic wraps a reference that has a description
        quiet = quiet["allOf"][0] | {key: value for key, value in quiet.items() if key != "allOf"}
    return quiet
