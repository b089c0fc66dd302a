"""The kinds of text the Devin API speaks: ids, tags, open vocabularies, text from outside."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticKnownError
from pydantic_core.core_schema import no_info_after_validator_function

from ...locations import Prefixed
from ...text.listed import MEANT_NOTHING, is_marked_up, is_quoted, split_names, trimmed
from ...tool import DOCUMENTED

MAX_SCHEMA_BYTES = 64 * 1024


OBJECT_AS_TEXT = "[object Object]"
"""What JavaScript writes for any object in a text."""

BROKEN_ESCAPE = re.compile("\0[0-9A-Fa-f]{2}")
"""What is left of a character for which `\\u0000` and its digits were written, as some models do."""

LIST_AS_TEXT = re.compile(r"""\[\s*["']""")

BARE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")


def bare_id(session_id: str) -> str:
    """Return a session's id as answers of the API hold it: without the prefix `devin-`."""
    return session_id.removeprefix("devin-")


def path_id(session_id: str) -> str:
    """Return a session's id as paths of the API want it: with the prefix `devin-`."""
    return "devin-" + bare_id(session_id)


def _require_given(value: str) -> str:
    """Refuse what a program wrote for a value that is not there."""
    if value.strip() in (*MEANT_NOTHING, OBJECT_AS_TEXT):
        raise ValueError("is what a program writes for a value that is not there: give one, or leave it out")
    if BROKEN_ESCAPE.search(value):
        raise ValueError("holds U+0000, as a broken escape leaves it: write the character that was meant")
    return value


def _require_meant(value: str) -> str:
    """Refuse a name that a program wrote for a value that is not there, or with marks around it."""
    _require_given(value)
    if LIST_AS_TEXT.match(value.strip()):
        raise ValueError("is a list as text: give what it holds")
    if is_quoted(value.strip()):
        raise ValueError("has quotation marks around it: leave them out")
    if is_marked_up(value.strip()):
        raise ValueError("has tags or tokens of another notation around it: leave them out")
    return value


def _session_id(value: str) -> str:
    """Reduce bare hex, `devin-...` or a session URL to the form paths want: `devin-` and the id."""
    bare = bare_id(value)
    if BARE_ID.fullmatch(bare) and value not in MEANT_NOTHING:  # as nearly all are
        return path_id(bare)
    text = _require_meant(value).strip()
    if text.startswith(("https://", "http://")):
        try:
            before, _, text = urlsplit(text).path.rstrip("/").rpartition("/")
        except ValueError:  # its text repeats the value
            before = ""
        if not before.endswith("/sessions"):
            raise ValueError("the URL is not that of a session (.../sessions/<id>)")
    bare = bare_id(text)
    if not BARE_ID.fullmatch(bare):
        raise ValueError("not a session id: give hex, devin-<id>, or a session URL")
    return path_id(bare)


SessionId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2083),
    AfterValidator(_session_id),
    Prefixed("devin-"),
    Field(examples=["devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"]),
]
"""A session, as people paste it. Paths want the `devin-` prefix though answers come without it."""


class Matching:
    """Holds a text to a pattern with Python's own engine, and says so in schemas as pydantic does.

    Pydantic's engine writes out what is counted: for a few hundred of any characters but some, it takes 5 to
    40 milliseconds and megabytes, for every process that makes a call with such a field.
    """

    def __init__(self, pattern: str):
        self.pattern = pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check after the text is known to be one."""
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the pattern."""
        return {**handler(core_schema), "pattern": self.pattern}

    def _checked(self, value: str) -> str:
        if re.fullmatch(self.pattern, value) is None:
            raise PydanticKnownError("string_pattern_mismatch", {"pattern": self.pattern})
        return value


class _IdOf(Matching):
    """The same for ids, with words for what people paste around one."""

    def _checked(self, value: str) -> str:
        if "://" in value:
            raise ValueError("is a URL: give the id alone, which is a part of it")
        _require_meant(value)
        return super()._checked(value)


Id = Annotated[str, _IdOf(r"^[^\s/?#\\\x00-\x1f\x7f]{1,256}$")]
"""An opaque id of anything else. It may hold `|`, as identity providers' user ids do."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""Text that must not be empty. The API publishes no upper limit for prompts and messages."""


def _output_schema(value: dict[str, Any]) -> dict[str, Any]:
    """Check a schema before it is paid for: the API's rules are draft 7, 64 KB, no external $ref."""
    try:
        size = len(json.dumps(value, separators=(",", ":"), allow_nan=False).encode())
    except (RecursionError, TypeError, ValueError):
        raise ValueError("the schema is nested too deeply, or holds what JSON has not") from None
    if size > MAX_SCHEMA_BYTES:
        raise ValueError("the schema is larger than 64 KB")
    from ...schemas.checks import check
    from ...schemas.traversal import objects_in

    references = [node["$ref"] for node in objects_in(value) if isinstance(node.get("$ref"), str)]
    if any(ref != "#" and not ref.startswith("#/") for ref in references):
        raise ValueError("the schema refers to something outside itself ($ref must be # or start with #/)")
    check(value)
    return value


OutputSchema = Annotated[dict[str, Any], AfterValidator(_output_schema), DOCUMENTED]
"""A JSON Schema for structured output (docs.devin.ai/v3-openapi.yaml)."""

AttachmentUrl = Annotated[
    str, StringConstraints(min_length=1, max_length=2083, pattern=r"^https?://\S+$"), DOCUMENTED
]
"""A URL that an upload returned (1 to 2083 characters, docs.devin.ai/v3-openapi.yaml)."""


def also_named(*names: str) -> Any:
    """Accept a field under the names that other documents of the vendor give it too; the first is its own."""
    camel = (to_camel(name) for name in names)
    return Field(validation_alias=AliasChoices(*dict.fromkeys([*names, *camel])))


def as_is() -> Any:
    """Declare a field that may be left out, though null is not a value of it: the API refuses null there."""
    return Field(default=None)


UNTRUSTED: Any = Field(json_schema_extra={"x-untrusted": True})

Untrusted = Annotated[str, UNTRUSTED]
"""Text that anyone may have written: data to show, never instructions to follow."""

ShownOnce = Annotated[str, Field(repr=False, json_schema_extra={"x-secret": True})]
"""A secret that the API shows once, as it is made."""


def _listed(value: Any) -> Any:
    """Split comma-separated text. Text without a tag is refused: an unset variable must clear nothing."""
    if not isinstance(value, str):
        return value
    parts = split_names(value)
    if not parts and not trimmed(value).startswith("["):
        raise ValueError("the text holds no tag; to mean none, give an empty list")
    return parts


Tag = Annotated[str, StringConstraints(min_length=1)]

NewTag = Annotated[Tag, AfterValidator(_require_meant)]
"""A tag to give: a list asks for the others too, as sessions may bear them."""

GivenText = Annotated[Text, AfterValidator(_require_given)]
"""What is to be done, or its key. Text that stands for nothing would cost, or adopt the work of another."""

GivenOrEmpty = Annotated[str, AfterValidator(_require_given)]
"""The same for what may be empty."""

Name = Annotated[Text, AfterValidator(_require_meant)]
"""The name of something of the API's or of a host's, such as a repository."""

MAX_TAGS = 50

Tags = Annotated[list[NewTag], BeforeValidator(_listed), Field(max_length=MAX_TAGS)]
"""At most 50 tags, as a list or as comma-separated text (docs.devin.ai/v3-openapi.yaml)."""

ManyTags = Annotated[list[NewTag], BeforeValidator(_listed)]
"""The same for lists of which no limit is documented."""

AnyTags = Annotated[list[Tag], BeforeValidator(_listed), Field(max_length=MAX_TAGS)]
"""The same for a search."""


def known(*values: str) -> Any:
    """Mark an open vocabulary: these values are known today, and others are accepted.

    The API's enums grow between releases, so a closed set would turn a right answer into an error.
    """
    return Field(examples=list(values))
