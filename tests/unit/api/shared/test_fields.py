"""Texts held to a pattern: to whoever makes a call, or reads a schema, as pydantic's own."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, ValidationError
from support.laws import for_every
from support.sources import sources, text_of

from devin_tools.api.shared.fields import Matching

PATTERN = r"^[^\s/?#\\\x00-\x1f\x7f]{1,25}$"


class Own(BaseModel):
    """A text, a list of them and perhaps one."""

    one: Annotated[str, StringConstraints(pattern=PATTERN)]
    many: list[Annotated[str, StringConstraints(pattern=PATTERN)]] = []
    maybe: Annotated[str, StringConstraints(pattern=PATTERN)] | None = None


class Ours(BaseModel):
    """A text, a list of them and perhaps one."""

    one: Annotated[str, Matching(PATTERN)]
    many: list[Annotated[str, Matching(PATTERN)]] = []
    maybe: Annotated[str, Matching(PATTERN)] | None = None


TEXTS = [
    "a",
    "google-oauth2|1",
    "é",
    "a" * 25,
    "a" * 26,
    "",
    "a\n",
    "\na",
    "a b",
    "a/b",
    "a\x1f",
    "a\u2028",
    1,
    None,
]


def outcome(model: type[BaseModel], given: dict[str, Any]) -> Any:
    try:
        return model(**given).model_dump()
    except ValidationError as error:
        return error.errors(include_url=False)


@for_every("text", lambda: TEXTS)
def test_what_fits_and_what_is_said_of_others_is_pydantic_s_own(text: Any) -> None:
    for given in ({"one": text}, {"one": "a", "many": ["a", text]}, {"one": "a", "maybe": text}):
        assert outcome(Ours, given) == outcome(Own, given)


def test_its_schema_is_pydantic_s_own() -> None:
    assert Ours.model_json_schema() == Own.model_json_schema() | {"title": "Ours"}


def test_no_pattern_that_pydantic_would_write_out_is_left_to_it() -> None:
    counted = re.compile(r'pattern=r"[^"]*\[\^[^"]*\]\{\d*,?\d{3,}\}')
    assert not [path.name for path in sources() if counted.search(text_of(path))], "use Matching"
    assert counted.search(r'pattern=r"^https://[^\s?#]{3,2000}$"')
