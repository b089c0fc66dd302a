"""A hint is in the words of who reads it: no option for a model, no Python at the command line."""

from __future__ import annotations

import ast
import json
import pickle
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from support.laws import for_every
from support.paths import PACKAGE
from support.sources import sources, text_of, tree_of

from devin_tools.adapters.function import error_text
from devin_tools.catalog import load_catalog
from devin_tools.client.call_limits import refused
from devin_tools.dispatch.answers import message
from devin_tools.dispatch.requests import Provider, ToolCallRequest
from devin_tools.errors import ApiError, Audience, DevinToolsError, Hint, error_kinds, needs_extra
from devin_tools.mcp.results import failure
from devin_tools.model_input import call_from_model
from devin_tools.server.responses import error_response
from devin_tools.settings import Settings

OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
COMMAND = re.compile(r"`devin-tools |pip install|command line|@FILE|`git ")
PYTHON = re.compile(r"\bPython\b|\b[a-z_]+=(?:True|\.\.\.|\d)|\bClient\(|\bclient\.|load_catalog\(")
PATH = re.compile(r"(?<![\w.`])/[a-z]+/")

FOREIGN: dict[str, tuple[re.Pattern[str], ...]] = {
    "model": (OPTION, COMMAND, PYTHON, PATH),
    "http": (OPTION, COMMAND, PYTHON),
    "form": (OPTION, COMMAND, PYTHON),
    "cli": (PYTHON,),
    "python": (OPTION,),
}
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
ON_ITS_OWN = ("cli", "generate", "lint", "engines")
"""Folders whose hints have one kind of reader: the command line, or a program around an engine."""
SAYS_HOW = re.compile(r"\bhint=|\bHint\(|default_hint")
SHELL = re.compile(r"`(?:python3|pip|git) [^`]*`")
"""What is typed into a shell, whoever reads it: models are told none of it."""


def foreign(audience: str, text: str) -> list[str]:
    """Return what of a text is in the words of other readers."""
    if audience in ("python", "cli"):
        text = SHELL.sub("", text)
    return [found[0] for pattern in FOREIGN[audience] if (found := pattern.search(text))]


def text_in(node: ast.AST) -> str:
    """Return the text of an expression, with X for what is filled in; an empty one for what is not text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_in(part) or "X" for part in parts)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            return f"{text_in(left)} {text_in(right)}"
    return ""


def wordings(node: ast.AST, kind: type[DevinToolsError] | None) -> Iterator[tuple[str, str]]:
    """Yield each text of a hint, with a reader of it."""
    own: dict[str, str] = {}
    base = node
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Hint":
        own = {str(part.arg): text_in(part.value) for part in node.keywords}
        base = node.args[0] if node.args else ast.Constant("")
    for audience in AUDIENCES:
        if audience in own:
            yield audience, own[audience]
        elif audience in ("http", "form") and "model" in own:
            yield audience, own["model"]
        elif not (kind and kind.hint_for_models and audience in ("http", "form", "model")):
            yield audience, text_in(base)


def hints_in(tree: ast.Module) -> Iterator[tuple[int, ast.AST, type[DevinToolsError] | None]]:
    """Yield each hint and message of a module: its line, expression, and the kind of its error if known."""
    kinds = {cls.__name__: cls for cls in error_kinds().values()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for part in node.keywords:
                if part.arg == "hint":
                    yield node.lineno, part.value, kinds.get(name)
            if name in kinds and node.args:  # the message, which all read
                yield node.lineno, node.args[0], None
            if name == "Hint":
                yield node.lineno, node, None
        if isinstance(node, ast.ClassDef) and node.name in kinds:
            for line in node.body:
                if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "default_hint":
                    yield line.lineno, line.value, kinds[node.name]


@for_every("path", sources)
def test_each_hint_and_message_of_a_module_is_worded_for_all_who_read_it(path: Any) -> None:
    if path.relative_to(PACKAGE).parts[0] in ON_ITS_OWN or not SAYS_HOW.search(text_of(path)):
        return
    wrong = [
        f"{path.name}:{line}: {audience} reads {found}"
        for line, hint, kind in hints_in(tree_of(path))
        for audience, text in wordings(hint, kind)
        if (found := foreign(audience, text)) and not (isinstance(hint, ast.Call) and kind)
    ]
    assert not wrong, wrong


def made(cls: type[DevinToolsError], **given: Any) -> DevinToolsError:
    return (
        cls("It went wrong.", status=418, **given)
        if issubclass(cls, ApiError)
        else cls("It went wrong.", **given)
    )


def shown_by(error: DevinToolsError) -> Iterator[tuple[str, str]]:
    """Yield what each door shows of an error, with who reads it there."""
    for provider in get_args(Provider):
        yield "model", json.dumps(message(ToolCallRequest(provider, "1", "devin_x", {}), error))
    yield "model", failure(error)["content"][0]["text"]
    yield "model", error_text(error)
    yield "http", b"".join(error_response(error).parts).decode()
    yield "form", error.text_for("form")
    yield "python", str(error)
    yield "cli", shown_at_the_command_line(error)


def shown_at_the_command_line(error: DevinToolsError) -> str:
    import click

    from devin_tools.cli.errors import show_error

    @click.command()
    def show() -> None:
        show_error(error, json_errors=False)

    ran = CliRunner().invoke(show)
    return ran.stderr


@for_every("kind", lambda: error_kinds().items())
def test_every_door_shows_each_kind_of_error_in_the_words_of_its_readers(kind: Any) -> None:
    _, cls = kind
    for audience, text in shown_by(made(cls)):
        assert not foreign(audience, text), (audience, text)


@for_every("kind", lambda: error_kinds().items())
def test_every_door_shows_the_wording_that_is_meant_for_it(kind: Any) -> None:
    _, cls = kind
    words = {audience: f"for-{audience}" for audience in AUDIENCES}
    for audience, text in shown_by(made(cls, hint=Hint("for-all", **words))):
        assert words[audience] in text
        assert not [word for word in ("for-all", *words.values()) if word in text and word != words[audience]]


@for_every("kind", lambda: error_kinds().items())
def test_a_plain_hint_is_for_all_unless_its_kind_is_for_who_runs_the_tools(kind: Any) -> None:
    _, cls = kind
    error = made(cls, hint="Do this.")
    error.more_hints = Hint("It goes on.", cli="It runs on.")
    assert error.hint == "Do this. It goes on."
    assert error.hint_for("cli") == "Do this. It runs on."
    assert error.hint_for("model") == f"{cls.hint_for_models or 'Do this.'} It goes on."
    again = pickle.loads(pickle.dumps(error)) if not issubclass(cls, ApiError) else error
    assert again.hint_for("cli") == error.hint_for("cli")


def test_consent_is_asked_for_in_the_words_of_each_reader() -> None:
    error = refused("confirm", "Nobody confirmed it.")
    shown = {audience: error.hint_for(audience) for audience in AUDIENCES}
    assert "confirm=True" in shown["python"]
    assert "--yes" in shown["cli"]
    assert "X-Devin-Confirm: true" in shown["http"]
    assert "ask" in shown["model"]
    for audience, text in shown.items():
        assert not foreign(audience, text), text


def test_a_missing_key_says_where_one_is_made() -> None:
    with pytest.raises(DevinToolsError) as caught:
        Settings().require_key()
    assert "--simulate" in caught.value.hint_for("cli")
    assert "--" not in caught.value.hint
    for audience in ("cli", "python"):
        assert "Service users" in caught.value.hint_for(audience)  # type: ignore[arg-type]
    assert not foreign("model", caught.value.hint_for("model"))


def test_what_an_extra_brings_is_installed_by_a_person() -> None:
    hint = needs_extra("mcp")
    assert "pip install 'devin-tools[mcp]'" in hint.read_by("cli")
    assert not foreign("model", hint.read_by("model"))


@for_every(
    "asked", lambda: ["devin_make_coffee", "devin_sesion_get", "devin_get_session", "devin_create_schedule"]
)
def test_what_a_model_asks_for_in_vain_is_answered_in_its_words(asked: str) -> None:
    try:
        call_from_model(load_catalog(), asked, {}, None)
    except DevinToolsError as error:
        for audience, text in shown_by(error):
            assert not foreign(audience, text), (audience, text)
    else:
        pytest.fail("it was not refused")
