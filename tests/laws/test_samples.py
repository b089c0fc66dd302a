"""What one copies offers a model nothing that destroys, unless a person is asked in the same sample.

The samples are the code blocks of the README and of the pages, the examples, and the recipes over MCP.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from support.laws import for_every
from support.paths import DOCS, ROOT, TESTS
from support.tools import built_in

from devin_tools import adapters
from devin_tools.errors import UsageError
from devin_tools.model_input import for_models
from devin_tools.presets import PRESETS, chosen

PAYLOADS = {"openai_chat", "openai_responses", "anthropic", "gemini", "bedrock", "mcp"}
DOORS = {
    *PAYLOADS,
    "Toolbox",
    "dispatch",
    "adispatch",
    "create_app",
    "Service",
    "functions",
    *adapters.__all__,
}
"""What offers tools, or runs what a model asks for, by the names that it is called by."""
POSITIONAL = {*PAYLOADS, "Toolbox"}
"""Those whose first argument is the choice."""
ASKING = {"pydantic_ai_tools", "openai_agents_tools"}
"""Those that wait for a person by themselves."""

Sample = tuple[str, str]


@cache
def texts() -> dict[str, str]:
    paths = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def python_samples() -> list[Sample]:
    blocks = [
        (f"{name}, block {number}", code)
        for name, text in texts().items()
        for number, code in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    ]
    inside = [(name, block) for name, block in indented() if "import" in block and parses(block)]
    files = [
        *sorted((ROOT / "examples").rglob("*.py")),
        *sorted((TESTS / "external/recipes").glob("recipe_*.py")),
    ]
    return [*blocks, *inside, *((path.name, path.read_text(encoding="utf-8")) for path in files)]


def indented() -> Iterator[Sample]:
    """Yield the code blocks that stand indented in a page, each without its indentation."""
    for name, text in texts().items():
        for block in re.findall(r"(?:^(?: {4}.*)?\n)+", text, re.MULTILINE):
            yield name, re.sub(r"^ {4}", "", block, flags=re.MULTILINE)


def parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def offers_of(code: str) -> Iterator[tuple[ast.Call, set[str]]]:
    """Yield what offers or runs tools in a program, with the names of the tools."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DOORS:
            yield node, names_offered(node, node.func.id, tree)


def names_offered(call: ast.Call, door: str, tree: ast.AST) -> set[str]:
    given = {word.arg: word.value for word in call.keywords}
    positional = call.args[:1] if door in POSITIONAL else []
    choice = [*positional, *(given[name] for name in ("tools", "specs") if name in given)]
    preset = ast.literal_eval(given["preset"]) if "preset" in given else None
    exclude = ast.literal_eval(given["exclude"]) if "exclude" in given else ()
    tools = [name for part in choice for name in chosen_by(part, tree)] if choice else None
    return {spec.name for spec in for_models(chosen(built_in(), preset, tools=tools, exclude=exclude))}


def chosen_by(part: ast.AST, tree: ast.AST) -> list[str]:
    """Return what a part of a program names; where it is a variable, all that the program names."""
    if words := words_of(part):
        return words
    named = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}
    return ["*"] if named & {"catalog", "load_catalog"} else words_of(tree) or ["*"]


def words_of(tree: ast.AST) -> list[str]:
    """Return the tools, presets and patterns that a part of a program names, as texts or as classes."""
    classes = {spec.class_name: spec.name for spec in built_in()}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in classes:
            found.append(classes[node.id])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            is_choice = text in PRESETS or re.fullmatch(r"devin_[a-z_*]+", text)
            found += [text] if is_choice and stands_for_some(text) else []
    return found


def stands_for_some(text: str) -> bool:
    try:
        return bool(chosen(built_in(), tools=text))
    except UsageError:
        return False


def asks_a_person(call: ast.Call, code: str) -> bool:
    assert isinstance(call.func, ast.Name)
    waits = call.func.id in ASKING and not any(word.arg == "approval" for word in call.keywords)
    return waits or bool(re.search(r"confirm=True|DEVIN_CONFIRM", code))


def destroying(names: set[str]) -> list[str]:
    return sorted(name for name in names if built_in().specs[name].effect.kind == "destroy")


@for_every("name, code", python_samples)
def test_no_program_offers_what_destroys_without_asking_a_person(name: str, code: str) -> None:
    for call, names in offers_of(code):
        assert asks_a_person(call, code) or not destroying(names), ast.unparse(call)


def server_samples() -> list[Sample]:
    """Return what starts a server that offers tools to models: commands, entries of clients, recipes."""
    starts = re.compile(r"devin-tools(?: --\S+)* (?:mcp|serve)\b(?!.*--rules)|\"mcp\"(?=[,\]])")
    found = []
    for name, text in texts().items():
        fenced = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
        blocks = [*fenced, *(block for page, block in indented() if page == name)]
        found += [(name, block) for block in blocks if starts.search(block)]
    return found


@for_every("name, block", server_samples)
def test_no_server_of_a_sample_offers_what_destroys_without_asking_a_person(name: str, block: str) -> None:
    """A simulated server for people is left out: nothing real is destroyed there, and its page asks."""
    if "--simulate serve" in block:
        return
    found = re.search(r"--preset\W+(\w+)", block)
    names = {spec.name for spec in chosen(built_in(), found[1] if found else None)}
    assert "DEVIN_CONFIRM" in block or not destroying(names), block


def test_the_samples_were_found() -> None:
    doors = {ast.unparse(call.func) for _, code in python_samples() for call, _ in offers_of(code)}
    assert {"Toolbox", "langchain_tools", "create_app", "crewai_tools", "pydantic_ai_tools"} <= doors
    assert len([name for name, _ in server_samples() if name == "docs/recipes.md"]) >= 8
    assert {"docs/mcp.md", "docs/serve.md"} <= {name for name, _ in server_samples()}


def test_the_entry_for_a_client_has_a_choice_consent_and_a_bound() -> None:
    [entry] = [block for name, block in server_samples() if name == "docs/mcp.md" and "mcpServers" in block]
    for word in ("--preset", "DEVIN_CONFIRM", "DEVIN_MAX_ACU"):
        assert word in entry


UNSAFE = [
    "tools = openai_chat()",
    "asked = 'devin_get_self'\ntools = openai_chat(list(load_catalog()))",
    "tools = openai_chat(something)",
    "tools = anthropic(preset='operate')",
    "box = Toolbox(['core', 'devin_delete_*'])",
    "message = dispatch(client, call)",
    "tools = langchain_tools(client)",
    "tools = langchain_tools(client, tools=[TerminateSession])",
    "END = 'devin_terminate_session'\ntools = crewai_tools(client, tools=[END])",
    "tools = pydantic_ai_tools(client, approval=False)",
]


@pytest.mark.parametrize("code", UNSAFE)
def test_the_law_sees_what_is_unsafe(code: str) -> None:
    [(call, names)] = offers_of(code)
    assert destroying(names) and not asks_a_person(call, code)
    assert asks_a_person(call, f"client = Client(confirm=True)\n{code}")


SAFE: list[Any] = [
    "tools = openai_chat(preset='core')",
    "box = Toolbox(preset='operate', exclude='devin_terminate_session')",
    "GET = 'devin_get_session'\ntools = langchain_tools(client, tools=GET)",
    "message = dispatch(client, call, tools=[GetSession, 'observe'])",
]


@pytest.mark.parametrize("code", SAFE)
def test_the_law_sees_what_is_safe(code: str) -> None:
    [(_, names)] = offers_of(code)
    assert names and not destroying(names)
