"""A stranger's tool works on the command line whatever its fields are called and made of."""

from __future__ import annotations

import io
import sys
from typing import Any, Literal

import pytest
from pydantic import Field
from support.shell import run, simulated
from support.strangers import add_plugin

from devin_tools import describe, hookimpl
from devin_tools.cli.schema_words import in_words, kind_of
from devin_tools.cli.terminal import ProgressLine
from devin_tools.flow import Flow, Progress
from devin_tools.tool import READ, Input, Output, Tool


class Point(Input):
    x: int
    """Right."""
    y: int
    """Up."""


class Echo(Output):
    heard: dict[str, Any]
    """What was said."""


class EchoEverything(Tool[Echo]):
    """Say back what was given."""

    effect = READ

    yes: str | None = None
    """A name that the command uses itself."""
    counts: list[int] | None = None
    """Whole numbers."""
    share: float | None = Field(default=None, ge=0)
    """A part."""
    corner: Point | None = None
    """A place."""
    colour: Literal["red", "blue"] | None = None
    """A colour."""
    either: int | str | None = None
    """A number or a word."""

    def flow(self) -> Flow[Echo]:
        yield Progress("echoing")
        return Echo(heard=self.model_dump(mode="json", exclude_unset=True))


class Plugin:
    @hookimpl
    def devin_tools_provide_tools(self):
        return [EchoEverything]


NAME = describe(EchoEverything).name


@pytest.fixture(autouse=True)
def installed(monkeypatch, own_catalog):
    add_plugin(monkeypatch, "echo", Plugin)


def heard(*words: str) -> dict:
    return simulated("call", NAME, *words).json["heard"]


def test_it_is_listed_and_shown():
    assert NAME in [item["name"] for item in run("list").json]
    assert run("show", NAME).json["id"] == NAME


def test_numbers_lists_objects_and_choices_are_options():
    words = ["--counts", "1", "--counts", "2", "--share", "0.5", "--corner", '{"x": 1, "y": 2}']
    assert heard(*words, "--colour", "blue", "--either", "7") == {
        "counts": [1, 2],
        "share": 0.5,
        "corner": {"x": 1, "y": 2},
        "colour": "blue",
        "either": 7,
    }


def test_a_field_named_like_an_option_of_the_command_comes_through_json():
    assert heard('{"yes": "x"}', "--yes") == {"yes": "x"}


@pytest.mark.parametrize("words", [["--counts", "one"], ["--share", "half"], ["--corner", "{}"]])
def test_values_of_the_wrong_type_are_refused_by_the_tool(words):
    ran = simulated("call", NAME, *words)
    assert ran.code == 2
    assert words[0][2:] in ran.err


@pytest.mark.parametrize(
    ("schema", "words", "kind"),
    [
        ({"type": "string"}, "text", "text"),
        ({"type": ["null", "string"]}, "text", "text"),
        ({"type": "string", "examples": ["a", "b"]}, "text, such as a, b", "text"),
        ({"type": "string", "enum": ["a", "b"]}, "one of a, b", "text"),
        ({"type": "string", "format": "password"}, "secret text", "text"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "whole number from 1 to 9", "integer"),
        ({"anyOf": [{"type": "number", "maximum": 9}, {"type": "null"}]}, "number up to 9", "number"),
        ({"type": "boolean"}, "true or false", "boolean"),
        ({"type": "array", "items": {"type": "string"}}, "list of text", "list"),
        ({"type": "array", "items": {"$ref": "#/$defs/P"}}, "list of object (x)", "json"),
        ({"allOf": [{"$ref": "#/$defs/P"}]}, "object (x)", "json"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "whole number or text", "json"),
        ({"type": "object"}, "object", "json"),
        ({}, "any value", "json"),
    ],
)
def test_schemas_are_told_in_words(schema, words, kind):
    root = {"$defs": {"P": {"type": "object", "properties": {"x": {"type": "integer"}}}}}
    assert in_words(schema, root) == words
    assert kind_of(schema, root) == kind


def test_progress_shows_on_a_terminal_only(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    waiting = ProgressLine()
    for is_terminal in (False, True):
        monkeypatch.setattr(stream, "isatty", lambda answer=is_terminal: answer, raising=False)
        assert stream.getvalue() == ""
        with waiting.during("starting"):
            waiting(Progress("half [way]"))
    assert "half [way]" in stream.getvalue()
