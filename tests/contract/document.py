"""The vendor's OpenAPI document: its operations, with every reference resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from devin_tools import Spec

__all__ = ["Document", "Operation", "forms_of", "problems"]

METHODS = ("get", "post", "put", "patch", "delete")
Schema = Mapping[str, Any]


def forms_of(schema: Schema) -> list[Schema]:
    """Return what a schema allows one of, without null: itself, or its alternatives."""
    return [form for form in schema.get("anyOf", schema.get("oneOf", [schema])) if form.get("type") != "null"]


def problems(schema: Schema, value: Any) -> Iterator[str]:
    """Return what in a value does not fit a schema, without the numbers of rows."""
    for error in OAS31Validator(schema, format_checker=oas31_format_checker).iter_errors(value):
        place = ".".join("N" if isinstance(part, int) else str(part) for part in error.absolute_path)
        yield f"{place or 'it'} breaks {error.validator}"


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    query: Mapping[str, Schema]
    required_query: frozenset[str]
    body: Schema | None
    answers: Mapping[str, Schema]
    """The schemas of its JSON answers, by status."""
    bare: frozenset[str] = frozenset()
    """The statuses of its answers without JSON."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a path of it. What holds slashes is a repository, as in no other path."""
        text = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        return re.compile(text.replace("(?P<repository_path>[^/]+)", "(?P<repository_path>.+)"))

    @property
    def resource(self) -> str:
        """The first literal part of its path below the scope."""
        return re.sub(r"^/v\w+/(enterprise/|organizations/{\w+}/)?", "", self.path).partition("/")[0]

    @cached_property
    def properties(self) -> Mapping[str, Schema]:
        """What may be sent besides what is in the path, by name."""
        return {**self.query, **(self.body or {}).get("properties", {})}

    @cached_property
    def required(self) -> frozenset[str]:
        """What must be sent besides."""
        return self.required_query | frozenset((self.body or {}).get("required", ()))

    @property
    def success(self) -> Schema | None:
        """The schema of its answer when all went well."""
        return self.answers.get("200", self.answers.get("201"))


@dataclass
class Document:
    """The operations of a document."""

    raw: dict[str, Any]
    operations: list[Operation] = field(default_factory=list)
    others: list[Document] = field(default_factory=list)
    """The documents that were read after it."""

    @classmethod
    def read(cls, *paths: Path) -> Document:
        """Read JSON or YAML; of several documents the first that has an operation counts for it."""
        first, *others = (cls._read_one(path) for path in paths)
        for other in others:
            known = {(each.method, _unnamed(each.path)) for each in first.operations}
            new = [each for each in other.operations if (each.method, _unnamed(each.path)) not in known]
            first.operations += new
            first.others.append(other)
        return first

    @classmethod
    def _read_one(cls, path: Path) -> Document:
        document = cls(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
        for template, item in document.raw["paths"].items():
            shared = item.get("parameters", [])
            document.operations += [
                document._operation(method.upper(), template, each, shared)
                for method, each in item.items()
                if method in METHODS
            ]
        return document

    def of_spec(self, spec: Spec) -> Operation | None:
        """Find the operation of a tool, whatever the names of its placeholders."""
        assert spec.route is not None
        named = _unnamed(spec.route.template)
        return next((o for o in self._of(spec.route.method) if _unnamed(o.path) == named), None)

    def of_request(self, method: str, path: str) -> Operation | None:
        """Find the operation of a request, the most literal path first."""
        found = [o for o in self._of(method) if o.pattern.fullmatch(path)]
        return min(found, key=lambda o: (o.path.count("{"), -len(o.path)), default=None)

    def _of(self, method: str) -> Iterator[Operation]:
        return (operation for operation in self.operations if operation.method == method)

    def _operation(self, method: str, path: str, raw: Any, shared: list[Any]) -> Operation:
        query: dict[str, Schema] = {}
        required: set[str] = set()
        for parameter in map(self._resolved, [*shared, *raw.get("parameters", [])]):
            if parameter["in"] != "query":
                continue
            if (
                parameter["schema"].get("type") == "object"
            ):  # shown whole, though its fields travel by themselves
                query |= parameter["schema"].get("properties", {})
                continue
            query[parameter["name"]] = parameter["schema"]
            required |= {parameter["name"]} if parameter.get("required") else set()
        answers = {str(status): _json(self._resolved(answer)) for status, answer in raw["responses"].items()}
        body = _json(self._resolved(raw.get("requestBody", {})))
        known = {status: schema for status, schema in answers.items() if schema is not None}
        bare = frozenset(answers.keys() - known.keys())
        return Operation(method, path, query, frozenset(required), body, known, bare)

    def _resolved(self, node: Any, inside: tuple[str, ...] = ()) -> Any:
        """Resolve references; one that leads into itself stands for anything."""
        if isinstance(node, list):
            return [self._resolved(part, inside) for part in node]
        if not isinstance(node, dict):
            return node
        if isinstance(reference := node.get("$ref"), str):
            target: Any = self.raw
            for step in reference.removeprefix("#/").split("/"):
                target = target[step]
            return {} if reference in inside else self._resolved(target, (*inside, reference))
        parts = {key: self._resolved(part, inside) for key, part in node.items() if key != "discriminator"}
        may_be_null = parts.get("nullable") is True and bool(parts.pop("nullable"))  # of OpenAPI 3.0
        whole = parts["allOf"][0] if len(parts.get("allOf", ())) == 1 else parts
        return {"anyOf": [whole, {"type": "null"}]} if may_be_null else whole


def _unnamed(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def _json(holder: Mapping[str, Any]) -> Schema | None:
    return holder.get("content", {}).get("application/json", {}).get("schema")
