"""Turns text of the command line into plain arguments, which the catalog validates."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from pydantic.alias_generators import to_camel

from ..errors import InvalidArguments, UsageError
from ..security.references import is_reference
from ..spec import Spec
from ..text.encoding import decoded, parse_json
from ..text.listed import trimmed
from .input_files import ENCODING_HINT
from .schema_words import Kind, holds_secret, in_words, kind_of, resolved

KINDS_OF_NUMBER = {"integer": int, "number": float}
TIME_HELP = "Unix seconds, a day (2026-01-31, its beginning) or a date and time; UTC without an offset"
METAVARS = {"text": "TEXT", "integer": "INTEGER", "number": "NUMBER", "list": "TEXT", "json": "JSON|@FILE"}


class FieldOption(click.Option):
    """An option that stands for one field of a tool."""

    def __init__(self, field: str, kind: Kind, *, is_time: bool = False, **settings: Any):
        name = field.replace("_", "-")
        flags = f"--{name}/--no-{name}" if kind == "boolean" else f"--{name}"
        metavar = "TIME" if is_time else METAVARS.get(kind)
        super().__init__([f"field_{field}", flags], multiple=kind == "list", metavar=metavar, **settings)
        self.field = field
        self.kind = kind


def field_options(spec: Spec, taken: Sequence[str]) -> list[click.Parameter]:
    """Make one option per field. A name the command needs itself can be given in JSON only."""
    schema = spec.input_schema
    required = schema.get("required", ())
    return [
        FieldOption(
            name,
            kind_of(field, schema),
            is_time=name in spec.times,
            help=_help(field, schema, is_required=name in required, is_time=name in spec.times),
            default=None,
        )
        for name, field in schema.get("properties", {}).items()
        if f"--{name.replace('_', '-')}" not in taken
    ]


def _help(field: Mapping[str, Any], root: Mapping[str, Any], *, is_required: bool, is_time: bool) -> str:
    notes = ["required"] if is_required else []
    notes += [TIME_HELP] if is_time else []
    kind = kind_of(field, root)
    notes += [in_words(field, root)] if kind == "json" else ["repeatable"] if kind == "list" else []
    if holds_secret(field, root):
        way = "by reference: env:NAME or file:PATH" if kind == "text" else "use @FILE"
        notes.append(f"{way}, as others can read command lines")
    if "default" in field:
        notes.append(f"default: {json.dumps(field['default'])}")
    return f"{field['description']} [{'; '.join(notes)}]" if notes else str(field["description"])


def id_field(spec: Spec) -> str | None:
    """Return the only id that the tool needs, which may be given as an argument; `None` without one."""
    schema = spec.input_schema
    ids = [name for name in schema.get("required", ()) if name.endswith("_id")]
    is_text = len(ids) == 1 and kind_of(schema["properties"][ids[0]], schema) == "text"
    return ids[0] if is_text else None


def arguments_of(ctx: click.Context, spec: Spec, given: str | None) -> dict[str, Any]:
    """Gather the arguments: those of the JSON, or an id, and over them each option that was given."""
    arguments = {} if given is None else _given(ctx, spec, given)
    for option in ctx.command.params:
        source = ctx.get_parameter_source(option.name or "")
        if isinstance(option, FieldOption) and source is ParameterSource.COMMANDLINE:
            arguments.pop(to_camel(option.field), None)
            arguments[option.field] = _value(spec, option, ctx.params[option.name or ""])
    return arguments


NOT_IDS = frozenset({"-", "null", "true", "false", ""})


def _given(ctx: click.Context, spec: Spec, given: str) -> dict[str, Any]:
    """Read the argument: JSON, or the id that the tool needs."""
    is_word = given not in NOT_IDS and given[0] not in "{[@\"'" and not any(map(str.isspace, given))
    may_be_id = is_word and not given.endswith(".json")
    field = id_field(spec)
    if may_be_id and field is not None:
        if ctx.get_parameter_source(f"field_{field}") is ParameterSource.COMMANDLINE:
            raise UsageError(f"The {field} is given twice: as an argument, and as an option.")
        return {field: given}
    arguments = json_of(given, "The JSON", _how_to_give(spec, is_word), takes_input=True)
    if not isinstance(arguments, dict):
        raise InvalidArguments(
            f"The JSON{_place(given)} must be an object with the tool's fields in it.",
            hint=_how_to_give(spec, is_word) or OBJECT_HINT,
        )
    return arguments


OBJECT_HINT = 'Write it as {"field": value, ...}; nothing was sent.'


def _place(given: str) -> str:
    """Return where the JSON stands that an argument gives, after the word for it."""
    if given == "-":
        return " of standard input"
    return f" in {given[1:]}" if given.startswith("@") else ""


def _how_to_give(spec: Spec, is_word: bool) -> str:
    """Return how the fields of a tool are given, for somebody who gave a bare word."""
    if not is_word:
        return ""
    schema = spec.input_schema
    names = schema.get("required") or [name for name in schema.get("properties", ()) if name.endswith("_id")]
    options = " ".join(f"--{name.replace('_', '-')} ..." for name in names)
    fields = f"fields are options: {options}" if options else "it takes no fields"
    return f"To read JSON from a file, write @FILE; {fields}. Nothing was sent."


def _value(spec: Spec, option: FieldOption, value: Any) -> Any:
    schema = spec.input_schema
    field = resolved(schema["properties"][option.field], schema)
    if option.kind == "text" and holds_secret(field, schema):
        return _reference(option, value)
    if option.kind == "json":
        return json_of(value, f"The JSON of {option.opts[0]}")
    if option.kind != "list":
        return _number(value, option.kind)
    if option.field in spec.comma_lists:
        return ",".join(value)
    kind = kind_of(field["items"], schema)
    return listed([_number(text, kind) for text in value])


def listed(values: Sequence[Any]) -> Any:
    """Return what a repeatable option was given: its values, or the one text of a JSON list."""
    is_json = len(values) == 1 and isinstance(values[0], str) and trimmed(values[0]).startswith("[")
    return values[0] if is_json else list(values)


def _reference(option: FieldOption, value: str) -> str:
    """Return a reference to a secret; raise `UsageError`, which does not repeat it, for anything else."""
    if is_reference(value):
        return value
    raise UsageError(
        "A secret is given by reference, never by its value: others can read command lines.",
        hint=f"Write {option.opts[0]} env:VARIABLE or {option.opts[0]} file:PATH.",
    )


def _number(value: Any, kind: Kind) -> Any:
    """Read a number; leave anything else as it is, for the catalog to refuse without repeating it."""
    try:
        return KINDS_OF_NUMBER[kind](value) if kind in KINDS_OF_NUMBER else value
    except ValueError:
        return value


def json_of(given: str, what: str, hint: str = "", *, takes_input: bool = False) -> Any:
    """Parse JSON text, or the JSON in a file when the text is `@file`; `hint` says what else may be meant.

    With `takes_input`, `-` stands for standard input.
    """
    place = _place(given) if takes_input or given != "-" else ""
    text = text_of(given) if place else given
    correct = "Correct it; nothing was sent."
    try:
        return parse_json(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        hint = hint or (correct if place else FILE_HINT)
        raise InvalidArguments(f"{what}{place} is not valid at {where}: {error.msg}.", hint=hint) from None
    except ValueError:
        raise InvalidArguments(
            f"{what}{place} holds a value that JSON does not have.", hint=correct
        ) from None


FILE_HINT = "To read JSON from a file, write @FILE; nothing was sent."


def text_of(given: str) -> str:
    """Return the text itself, that of a file for `@file`, or standard input for `-`."""
    if given == "-":
        return _standard_input()
    return _file(given[1:]) if given.startswith("@") else given


def _standard_input() -> str:
    try:
        # As bytes, for a byte order mark; what stands in for it in Python may hold text alone.
        return decoded(sys.stdin.buffer.read()) if hasattr(sys.stdin, "buffer") else sys.stdin.read()
    except UnicodeDecodeError:
        raise UsageError("Standard input is not UTF-8 (or UTF-16) text.", hint=ENCODING_HINT) from None


def _file(name: str) -> str:
    try:
        return decoded(Path(name).read_bytes())
    except OSError as error:
        raise UsageError(f"The file {name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The file {name} is not UTF-8 (or UTF-16) text.", hint=ENCODING_HINT) from None
