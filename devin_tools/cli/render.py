"""Tables for people at a terminal, in which no text of strangers can steer it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from ..export.resources import by_resource
from ..model_input import why_unasked
from ..paging.page import Page
from ..reading import unreadable
from ..text.visible import visible
from .schema_words import in_words
from .tables import plain_table, print_columns, print_described
from .terminal import as_json

if TYPE_CHECKING:
    from ..client.preview import Preview
    from ..search.finder import Found
    from ..spec import Spec
    from ..tool import Effect, Output

COLUMN_WIDTH = 20
"""Roughly what a column needs: how many a table gets depends on the terminal's width."""

LAST_MOMENT = 2**33
"""Beyond this a number is not a time in Unix seconds (it would be the year 2242)."""

COST_MARKS = "$ spends ACUs, $$ again and again by itself"
ACCOUNT_MARKS = "! administers accounts, security or money, * shows a secret once"

COLOURS = {"read": "green", "write": "yellow", "destroy": "red"}


def terminal() -> Console:
    """Return standard output as a terminal; what its encoding lacks is written as an escape.

    Names of emoji stay as they are: to look for them, rich loads a table of thousands.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return Console(emoji=False)


def _print_note(text: str, style: str = "dim") -> None:
    terminal().print(Text(visible(text), style=style))


def show_output(output: Output) -> None:
    """Show an output: a page as a table, a report as its own text, anything else field by field."""
    if isinstance(output, Page):
        show_items(output)
        if output.left_out:
            _print_note(f"Left out: {', '.join(output.left_out)}.")
        if places := unreadable(output):
            _print_note(f"Not as documented, so left out: {', '.join(places)}.", "yellow")
        if output.has_next_page:
            _print_note(f"More follow: --after {output.end_cursor}, or --all.")
        return
    facts = output.model_dump(mode="json")
    if report := facts.get("markdown"):
        terminal().print(_plain(report), soft_wrap=True)
        facts = {"picture": facts.get("picture")}
    show_facts(facts)


def show_items(page: Page) -> None:
    """Show the items of a page as a table of what tells them apart."""
    rows = page.model_dump(mode="json")[page.items_field]
    if not rows:
        terminal().print(f"No {page.items_field}.")
        return
    console = terminal()
    columns, most = _columns(rows, page.item_id), max(3, console.width // COLUMN_WIDTH)
    cells = [[_cell(name, row.get(name)) for name in columns] for row in rows]
    _note_left_out(print_columns(console, columns, cells, whole=page.item_id, most=most))


def _note_left_out(columns: Sequence[str]) -> None:
    if columns:
        _print_note(f"No room for {', '.join(columns)}: a wider terminal shows more, --json all.")


def show_facts(facts: Mapping[str, Any]) -> None:
    """Show names and values under each other, leaving out what is not there."""
    show_pairs((name, value) for name, value in facts.items() if value not in (None, [], {}))


def show_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Show labels and values under each other, however often a label comes."""
    table = plain_table(show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(_plain(name), _cell(name, value))
    terminal().print(table)


def show_preview(preview: Preview) -> None:
    """Show what a call would send."""
    console = terminal()
    spends = ", spends ACUs" if preview.is_billable else ""
    console.print(_heading(preview.tool), _plain(f"{preview.effect}{spends}; nothing was sent"))
    if preview.cost:
        console.print(_plain(preview.cost))
    for request in preview.requests:
        console.print("", _plain(f"{request.method} {request.url}"), sep="\n")
        if request.body is not None:
            console.print(_plain(as_json(request.body, 2)))


def show_tools(specs: Iterable[Spec]) -> None:
    """Show all tools, those of one resource together."""
    rows: list[list[Text]] = []
    for resource, group in by_resource(specs).items():
        rows.append([Text(resource.replace("_", " "), style="dim")])
        rows += [[_plain(f"  {spec.name}"), _effect(spec.effect), _plain(spec.summary)] for spec in group]
    print_described(terminal(), ("tool", "effect", "what it does"), rows)
    _print_note(COST_MARKS)
    _print_note(ACCOUNT_MARKS)


def show_found(found: Found) -> None:
    """Show tools that were found, the best first, with why a model is not offered one."""
    if not found.fits_people:
        many = "None of these surely fits" if found.specs else "No tool has any of these words"
        _print_note(
            f"{many}: there may be no tool for it. Ask in other words, or see `devin-tools list`.", ""
        )
    if found.specs:
        rows = [[_plain(spec.name), _effect(spec.effect), _found(spec)] for spec in found.specs]
        print_described(terminal(), ("tool", "effect", "what it does"), rows)
        _print_note(COST_MARKS)
        _print_note(ACCOUNT_MARKS)


def _found(spec: Spec) -> Text:
    """Return what a tool does, and below it why a model is not offered it, where that is so."""
    if spec.missing_from_models:
        why = f"no model is offered it: only a person may fill {' and '.join(spec.missing_from_models)}"
    else:
        reasons = why_unasked(spec)
        why = f"offered to models only where chosen: it {'; it '.join(reasons)}" if reasons else ""
    return _plain(spec.summary).append(f"\n{why}" if why else "", "dim")


DOORS = {
    "chat": "openai-chat",
    "responses": "openai-responses",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "bedrock": "bedrock",
}
SIZES = (
    ("Whole lists", "sizes", DOORS),
    (
        "Lists over MCP: whole, with output schemas, and core with what finds the others",
        "sizes",
        {"mcp": "mcp", "with outputs": "mcp-output-schemas", "core": "mcp-core"},
    ),
    (
        "Always shown: by MCP's default, and where core is loaded and the rest deferred",
        "always_seen",
        {"mcp": "mcp"} | DOORS | {"interactions": "gemini-interactions"},
    ),
)
"""What is shown of sizes: a title, where they are, and the columns. Each table fits 80 columns."""


def show_sizes(rows: Sequence[Mapping[str, Any]], note: str) -> None:
    """Show presets with what they take of a model's context."""
    _show_numbers(rows, {"tools": "tools", "$": "billable", "$$": "standing"})
    for title, kind, columns in SIZES:
        terminal().print("", _heading(title), sep="\n")
        _show_numbers([{"preset": row["preset"]} | row[kind] for row in rows], columns)
    for text in ("", COST_MARKS, *(f"{row['preset']}: {row['summary']}" for row in rows), note):
        _print_note(text)


def _show_numbers(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Show a row for each preset, with the columns by their titles."""
    cells = [[_plain(row["preset"]), *(Text(f"{row[key]:,}") for key in columns.values())] for row in rows]
    _note_left_out(print_columns(terminal(), ("preset", *columns), cells, right=(*columns,)))


def show_tool(spec: Spec) -> None:
    """Show one tool."""
    console = terminal()
    console.print(_heading(spec.name), _plain(spec.description), sep="\n", end="\n\n")
    show_facts(
        {
            "effect": str(spec.effect),
            "permission": spec.permission,
            "request": str(spec.route or ""),
            "version": f"{spec.version}{', beta' if spec.beta else ''}",
        }
    )
    for title, schema in (("input", spec.input_schema), ("output", spec.output_schema)):
        console.print("", _heading(title), sep="\n")
        print_described(console, ("field", "type", "description"), _fields(spec, schema, title == "input"))
    for example in spec.examples:
        console.print("", _heading("example"), _plain(as_json(dict(example), 2)), sep="\n")


def _fields(spec: Spec, schema: Mapping[str, Any], is_input: bool) -> list[list[Text]]:
    rows = []
    required = schema.get("required", ()) if is_input else ()
    for name, field in schema.get("properties", {}).items():
        marks = ["required"] if name in required else []
        marks += ["never filled by a model"] if is_input and name in spec.user_only else []
        text = " ".join([field.get("description", ""), *(f"[{mark}]" for mark in marks)])
        rows.append([_plain(name), _plain(in_words(field, schema)), _plain(text)])
    return rows


def _columns(rows: Sequence[Mapping[str, Any]], item_id: str) -> list[str]:
    """Choose columns: the id, then fields that hold something, without links and other ids.

    Where no field is the id, those that end in `_id` are what the item is about: they are columns too.
    """
    filled = dict.fromkeys(name for row in rows for name, value in row.items() if _is_telling(value))
    others = [name for name in filled if not name.endswith(("_id", "_ids", "url")) and name != item_id]
    return [item_id, *others] if item_id else list(filled or rows[0])


def _is_telling(value: Any) -> bool:
    return value not in (None, "", [], {}) and not isinstance(value, bool | dict)


def _cell(name: str, value: Any) -> Text:
    """Write a value: times as times, lists of words as words, what is deeper as JSON."""
    if value is None or isinstance(value, bool):
        return Text({None: "", True: "yes", False: "no"}[value])
    if name.endswith("_at") and isinstance(value, int) and 0 <= value < LAST_MOMENT:
        return _plain(datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M"))
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _plain(", ".join(value))
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return _plain("\n".join(" ".join(_words(item.values())) for item in value))
    if isinstance(value, dict | list):
        return _plain(as_json(value, 2))
    return _plain(str(value))


def _words(values: Iterable[Any]) -> Iterator[str]:
    """Write what is in an object as a line: what is deeper as JSON, and nothing for what is not there."""
    for value in values:
        if value not in (None, [], {}):
            yield as_json(value) if isinstance(value, bool | dict | list) else str(value)


def _effect(effect: Effect) -> Text:
    repeats = effect.spending is not None and effect.spending.starts == "standing"
    cost = "$$" if repeats else "$" if effect.is_billable else ""
    marks = cost + "!" * effect.is_administrative + "*" * effect.reveals_secret
    return Text(f"{effect.kind} {marks}".rstrip(), style=COLOURS[effect.kind])


def _heading(text: str) -> Text:
    return Text(visible(text), style="bold cyan")


def _plain(text: str) -> Text:
    return Text(visible(text))
