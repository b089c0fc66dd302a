"""Models that cost little until they are used: built at their first validation, described by schemas."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import VERSION, AliasChoices, BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from .docstrings import FIELDS, attribute_docstrings, signature_of, with_fields
from .errors import InvalidArguments

LAZY = frozenset({"devin_tools", "pydantic", "types"})
"""Whose class statements make lazy models: our own, and pydantic's of a generic one with its arguments."""

DEFERS = tuple(map(int, VERSION.split(".")[:2])) >= (2, 14)
"""Whether models are built at their first use. Before 2.14, pydantic cannot serialize a part of an output by
itself when the class of that part was never used."""

COMPLETE = ConfigDict(use_attribute_docstrings=True, defer_build=False)

if TYPE_CHECKING:  # to type checkers it is a model like any other
    _Lazy = BaseModel
else:

    class _LazyMeta(type(BaseModel)):
        """Lets the models of others be complete when their class is made, as pydantic's own are.

        One that was typed into a notebook, or defined in a function, may refer to what only pydantic finds,
        and only then: in the frame of its class statement. A `__new__` here would stand in between.
        """

        @classmethod
        def __prepare__(cls, *args: Any, **options: Any) -> dict[str, Any]:
            namespace: dict[str, Any] = super().__prepare__(*args, **options)
            module = sys._getframe(1).f_globals.get("__name__", "")
            if module.partition(".")[0] in LAZY:
                return namespace
            complete = _complete(type(namespace))()
            complete["model_config"] = ConfigDict()
            return complete

        # `help()`, notebooks and IDEs ask for these two; pydantic would answer with the names that the API
        # takes, and without the strings under the fields.

        @property
        def __doc__(cls) -> str | None:
            complete_fields(cls)
            return with_fields(cls)

        @__doc__.setter
        def __doc__(cls, text: str | None) -> None:
            type.__dict__["__doc__"].__set__(cls, text)

        @property
        def __signature__(cls) -> inspect.Signature:
            complete_fields(cls)
            return signature_of(cls)

        @__signature__.setter
        def __signature__(cls, pydantics_own: Any) -> None:
            pass

    @cache
    def _complete(kind: type[dict[str, Any]]) -> type[dict[str, Any]]:
        """Make a namespace for class bodies of others: whatever config they set, the model is complete."""

        class Namespace(kind):
            def __setitem__(self, name: str, value: Any) -> None:
                super().__setitem__(name, COMPLETE | value if name == "model_config" else value)

        return Namespace

    class _Lazy(BaseModel, metaclass=_LazyMeta):
        model_config = ConfigDict(defer_build=DEFERS)


class Frozen:
    """What a model derives from first, so that no error of a change shows the value, as pydantic does."""

    if not TYPE_CHECKING:  # type checkers refuse it by themselves

        def __setattr__(self, name: str, value: Any) -> None:
            """Set an attribute; raise `InvalidArguments` where the model is frozen, without the value."""
            try:
                super().__setattr__(name, value)
            except ValidationError as error:
                fault = error.errors(include_url=False, include_input=False)[0]
            else:
                return
            raise _unchanged(type(self), name, fault)

        def __delattr__(self, name: str) -> None:
            """Delete an attribute; raise as setting it does."""
            try:
                super().__delattr__(name)
            except ValidationError as error:
                fault = error.errors(include_url=False, include_input=False)[0]
            else:
                return
            raise _unchanged(type(self), name, fault)


class LazyModel(Frozen, _Lazy):
    """A model whose schema has the string under each field as its description."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the properties."""
        schema = handler(core_schema)
        resolved = handler.resolve_ref_schema(schema)
        if FIELDS in resolved.get("description", ""):  # its properties say that by themselves
            resolved["description"] = resolved["description"].partition(FIELDS)[0]
        properties = resolved.get("properties", {})
        texts = attribute_docstrings(cls)
        for name, info in cls.model_fields.items():
            if name in texts:
                info.description = info.description or texts[name]
                for key in {name, *_aliases(info)} & properties.keys():
                    properties[key].setdefault("description", texts[name])
        return schema


def _unchanged(model: type[BaseModel], name: str, fault: Mapping[str, Any]) -> InvalidArguments:
    """Make the error of an attribute that was not changed, without its value, which pydantic's own shows."""
    is_frozen = fault["type"] == "frozen_instance"
    reason = "it is not changed once it is made" if is_frozen else str(fault["msg"])
    return InvalidArguments(
        f"{model.__name__}.{name} stays as it is: {reason}.",
        hint="model_copy(update={...}) returns a copy with other values." if is_frozen else "",
        details=[{"path": name, "reason": reason}],
    )


def complete_fields(model: type[BaseModel]) -> None:
    """Have a model know the marks of fields that name what its module defines after it.

    Whoever reads the marks before the first validation would find none.
    """
    if not getattr(
        model, "__pydantic_fields_complete__", model.__pydantic_complete__
    ):  # pydantic 2.10 has it
        model.model_rebuild(raise_errors=False)


@cache
def other_names(model: type[BaseModel]) -> Mapping[str, str]:
    """Map each other name under which a field may be given to its own."""
    model.model_rebuild()  # the name that the API gives a field is known from then on
    fields = model.model_fields.items()
    return {other: name for name, info in fields for other in (to_camel(name), *_aliases(info))}


def _aliases(info: FieldInfo) -> Iterator[str]:
    for alias in (info.alias, info.validation_alias, info.serialization_alias):
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
        yield from (choice for choice in choices if isinstance(choice, str))
