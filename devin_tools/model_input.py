"""Calls as models make them: text or an object, nulls for what is not given, JSON inside strings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .catalog import Catalog
from .errors import Hint, InvalidArguments, Refused, UnknownTool
from .schemas.traversal import alternatives
from .spec import Spec
from .text.encoding import parse_json
from .text.garbled_calls import ungarbled
from .text.suggestions import nearest
from .tool import Tool, with_text_read

if TYPE_CHECKING:
    from .settings import Settings

ALLOWED = "the setting allowed_tools, DEVIN_ALLOWED_TOOLS"
UNBOUNDED = "the setting allow_unbounded (DEVIN_ALLOW_UNBOUNDED)"

__all__ = [
    "call_from_model",
    "for_a_model",
    "for_models",
    "json_fields",
    "model_properties",
    "not_offered",
    "object_from_model",
    "unasked",
    "why_unasked",
]

Schema = Mapping[str, Any]


def call_from_model(
    catalog: Catalog,
    name: str,
    arguments: Mapping[str, Any] | str | None,
    settings: Settings | None = None,
) -> Tool[Any]:
    """Build a validated call from what a model sent.

    A null stands for "not given", as strict dialects make models say it, in nested objects too; an empty
    list stays. Lists and objects may come as JSON text. Fields that only a person may fill are refused.
    A name that no tool has is not mended, however near it is to one: whoever looked at the call before, to
    ask a person about it, say, saw another name.

    Raises `UnknownTool` or `InvalidArguments`, which never repeat a value, and `Refused` for a tool that
    is offered to no model.
    """
    if name not in catalog.specs:
        raise not_offered(name, (spec.name for spec in for_models(catalog, settings)))
    spec = for_a_model(catalog.spec(name), settings)
    needed = spec.input_schema.get("required", ())
    asked = ungarbled(object_from_model(arguments), spec.name, model_properties(spec))
    given = {key: value for key, value in asked.items() if value is not None or key in needed}
    read, _ = with_text_read(spec.tool, given)  # first, as nulls may stand in lists that came as JSON text
    call = catalog.call(name, _without_nulls(read, spec.input_schema, spec.input_schema))
    if refused := sorted(call.model_fields_set & spec.user_only):  # looked up here, as names have aliases
        details = [{"path": field, "reason": "only a person may fill this"} for field in refused]
        raise InvalidArguments(f"{name} takes no {' or '.join(refused)} from a model.", details=details)
    return call


def not_offered(name: str, offered: Iterable[str]) -> UnknownTool:
    """Return the error, for a model, of a name that it was not offered: it tells of no other tools."""
    names = list(offered)
    near = _nearest(name, names)
    if near:
        hint = f"Did you mean {' or '.join(near)}? Call a tool by exactly the name that was offered."
    elif names:
        hint = "Call only the tools that you were offered, by exactly their names."
    else:
        hint = "No tools are offered here: answer without calling any."
    return UnknownTool(f"You were not offered a tool called {name[:64]!r}; nothing was run.", hint=hint)


def _nearest(name: str, names: Iterable[str]) -> list[str]:
    """Return the offered names that another may stand for, the family's name and separators aside.

    Models put names of namespaces before one (`functions.`, `mcp__server__`), other separators into it, and
    the number of a call (`:0`) or tokens of their template (`<|channel|>json`) after it. A name with another
    verb, or with more words, stands for none of them: who asks to end a session is not told to create one.
    """
    by_words = {_words(one): one for one in names}
    words = _words(name[:200])
    ends = [one for one in by_words if one and (words == one or words.endswith(f"_{one}"))]
    if ends:
        return [by_words[max(ends, key=len)]]
    alike = [one for one in by_words if one[:2] == words[:2] and one.count("_") == words.count("_")]
    return [by_words[one] for one in nearest(words, alike)[:2]]


def _words(name: str) -> str:
    alone = re.sub(r"(?:<\||:\d).*", "", name, flags=re.DOTALL)
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", alone)
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_").removeprefix("devin_")


def for_models(specs: Iterable[Spec], settings: Settings | None = None) -> list[Spec]:
    """Choose the tools that a model can call.

    Those need nothing only a person may fill. What makes sessions start by themselves, administers accounts,
    shows a secret, or wants a key of another kind than that of an organisation is among them only where a
    person chose it: by a preset, by its name, or by the settings.
    """
    return [spec for spec in specs if not spec.missing_from_models and not unasked(spec, settings)]


def for_a_model(spec: Spec, settings: Settings | None = None) -> Spec:
    """Return the tool when a model can call it; raise `Refused` otherwise."""
    if missing := spec.missing_from_models:
        raise Refused(
            f"{spec.name} is offered to no model: only a person may fill {' and '.join(missing)}.",
            hint=Hint(
                "A person has to run it.",
                python=f"A person runs it, by `client.run`, or `devin-tools call {spec.name}`.",
                cli=f"A person runs it: `devin-tools call {spec.name}`.",
            ),
            details=[{"path": name, "reason": "only a person may fill this"} for name in missing],
        )
    if reason := unasked(spec, settings):
        is_free = spec.is_standing and reason == STANDING
        ways = f"by a preset, by its name ({ALLOWED})" + (f", or by {UNBOUNDED}" if is_free else "")
        rule = (
            ("allow_unbounded", "DEVIN_ALLOW_UNBOUNDED")
            if is_free
            else ("allowed_tools", "DEVIN_ALLOWED_TOOLS")
        )
        raise Refused(
            f"{spec.name} is offered to no model unless a person chose it: it {reason}.",
            hint=Hint(
                f"A person offers it {ways}.",
                cli=f"Offer it {ways.replace('by a preset', 'by --preset').replace('(', '(--tools, or ')}.",
                model="Only a person may offer it.",
            ),
            details=[dict(zip(("rule", "variable"), rule, strict=True))],
        )
    return spec


STANDING = "makes sessions start by themselves"


def unasked(spec: Spec, settings: Settings | None) -> str:
    """Return why a tool is offered only where a person chose it, and nobody did; empty for any other."""
    return next(iter(why_unasked(spec, settings)), "")


def why_unasked(spec: Spec, settings: Settings | None = None) -> list[str]:
    """Return all the reasons why a tool is offered only where a person chose it; none where one did."""
    if spec.is_chosen or (settings and spec.name in (settings.allowed_tools or ())):
        return []
    reasons = {
        "administers accounts, security or money": spec.effect.is_administrative,
        "shows a secret": spec.effect.reveals_secret,
        STANDING: spec.is_standing and not (settings and settings.allow_unbounded),
        f"needs a key of {'an enterprise' if spec.scope == 'enterprise' else spec.scope}": (
            spec.scope != "organization"
        ),
    }
    return [reason for reason, holds in reasons.items() if holds]


def model_properties(spec: Spec) -> dict[str, Any]:
    """Return the input properties that a model may fill, shared and not copied."""
    properties: Mapping[str, Any] = spec.input_schema.get("properties", {})
    return {name: schema for name, schema in properties.items() if name not in spec.user_only}


def json_fields(spec: Spec) -> frozenset[str]:
    """Name the fields that hold a free-form object: strict dialects carry them as JSON strings."""
    return frozenset(name for name, schema in model_properties(spec).items() if _is_free_form(schema))


def _is_free_form(schema: Mapping[str, Any]) -> bool:
    variants = schema.get("anyOf", [schema])
    return any(part.get("type") == "object" and not part.get("properties") for part in variants)


def object_from_model(arguments: Mapping[str, Any] | str | None) -> Mapping[str, Any]:
    """Return arguments as an object: they may be JSON text, and nothing or blank text is none.

    Raises `InvalidArguments` for what is not an object.
    """
    if isinstance(arguments, str):
        try:
            arguments = parse_json(arguments, is_strict=False) if arguments.strip() else {}
            if isinstance(arguments, str) and arguments.lstrip().startswith("{"):  # written as text twice
                arguments = parse_json(arguments, is_strict=False)
        except json.JSONDecodeError as error:
            place = f" at line {error.lineno}, column {error.colno}"
            raise _no_json(place, error.msg.removesuffix(" at")) from None
        except ValueError as error:
            raise _no_json("", str(error)) from None
    if arguments is None:
        return {}
    if not isinstance(arguments, Mapping):
        raise InvalidArguments(
            f"The arguments must be a JSON object, and these are {_json_kind(arguments)}.", hint=OBJECT_HINT
        )
    return arguments


OBJECT_HINT = 'Write one object with the fields of the tool, such as {"name": "value"}; nothing was sent.'


def _no_json(place: str, reason: str) -> InvalidArguments:
    """Return the error of arguments that are not JSON; neither reason nor place repeats them."""
    said = f"not valid JSON{place}: {reason}"
    details = [{"path": "arguments", "reason": f"is {said}"}]
    return InvalidArguments(f"The arguments are {said}.", hint=OBJECT_HINT, details=details)


def _json_kind(value: Any) -> str:
    kinds = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), f"of type {type(value).__name__}")


def _without_nulls(value: Any, schema: Schema, root: Schema) -> Any:
    """Drop each null of a property that may be left out; what a free-form object holds stays."""
    forms = list(alternatives(schema, root))
    if isinstance(value, list):
        items = [form["items"] for form in forms if isinstance(form.get("items"), Mapping)]
        return [_without_nulls(part, {"anyOf": items}, root) for part in value] if items else value
    known = {name: part for form in forms for name, part in form.get("properties", {}).items()}
    if not isinstance(value, dict) or not known:
        return value
    required = {name for form in forms for name in form.get("required", ())}
    return {
        name: _without_nulls(part, known[name], root) if name in known else part
        for name, part in value.items()
        if part is not None or name not in known or name in required
    }
