"""`call NAME`: one subcommand per tool, made from its spec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError
from ..consent import is_confirmed, unlimited
from ..listed_group import ListedGroup
from ..options import Options, connect
from ..terminal import ProgressLine, for_people, print_json, print_line, tell
from ..tool_names import tool_named

if TYPE_CHECKING:
    from ...client import Client
    from ...paging.page import Page
    from ...spec import Spec
    from ...tool import Tool

YES = click.Option(["--yes"], is_flag=True, help="Give consent: do not ask about what this call does.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Show what would be sent, and send nothing.")
AS_JSON = click.Option(["as_json", "--json"], is_flag=True, help="Print JSON on a terminal too.")
ALL_HELP = "Walk over all pages; piped, one JSON item per line."
ALL = click.Option(["--all", "walk"], is_flag=True, help=ALL_HELP)
DIALECT_HELP = "Take the parameters and give the output as the workflow builder Sim does."
DIALECT = click.Option(["--dialect"], type=click.Choice(["sim"]), help=DIALECT_HELP)
COMMON = (AS_JSON, DRY_RUN, YES, DIALECT)
RESERVED = ("--all", "--json", "--yes", "--help", "--dry-run", "--dialect")
HOW_TO_GIVE = (
    "Fields are options, or JSON as an argument, in @FILE, or on standard input (-); an option wins over the "
    "JSON. Only what is given is sent; null and empty lists are given in JSON."
)


class ToolCommands(ListedGroup):
    """The tools of the catalog as subcommands."""

    def outlines(self, ctx: click.Context) -> list[tuple[str, click.Command]]:
        """Return each tool with its summary."""
        specs = ctx.ensure_object(Options).catalog
        return [(spec.name, click.Command(spec.name, short_help=spec.summary)) for spec in specs]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the tools in the help, those of one resource together."""
        from ...export.resources import by_resource

        for resource, specs in by_resource(ctx.ensure_object(Options).catalog).items():
            with formatter.section(resource.replace("_", " ").capitalize()):
                formatter.write_dl([(spec.name, spec.summary) for spec in specs])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Make the command of one tool."""
        return command_for(tool_named(ctx.ensure_object(Options).catalog, cmd_name))


def command_for(spec: Spec) -> click.Command:
    """Turn a spec into a command whose options are its fields."""
    from ..arguments import field_options, id_field

    forms = "ID|JSON" if id_field(spec) else "JSON"
    given = click.Argument(["given"], required=False, metavar=f"[{forms}|@FILE|-]")
    permission = f" Permission: {spec.permission}." if spec.permission else ""
    return click.Command(
        spec.name,
        params=[given, *field_options(spec, RESERVED), *([ALL] if spec.paging else []), *COMMON],
        callback=click.pass_context(partial(_run, spec=spec)),
        help=f"{spec.description}\n\nEffect: {spec.effect}.{permission} {HOW_TO_GIVE}",
        short_help=spec.summary,
        context_settings={"token_normalize_func": lambda token: token.replace("_", "-")},
    )


def _run(
    ctx: click.Context, /, *, spec: Spec, given: str | None, yes: bool, as_json: bool, dry_run: bool,
    dialect: str | None, walk: bool = False, **_: Any,
) -> None:  # fmt: skip
    """Run a tool: its arguments come from the options of the context, which are its fields."""
    from ..arguments import arguments_of

    options, people = ctx.ensure_object(Options), for_people(as_json)
    arguments = arguments_of(ctx, spec, given)
    if dialect:
        call = _call_for_sim(options, spec, arguments, given)
    else:
        call = options.catalog.call(spec.name, arguments)
    if dry_run:
        from ..dry_run import show_dry_run

        show_dry_run(options, call, as_json=as_json)
        return
    if dialect and walk:
        raise UsageError(
            "--all and --dialect exclude each other.", hint="Pass `after`, the endCursor of a page."
        )
    confirm, progress = is_confirmed(options.settings, call, yes=yes), ProgressLine()
    asked = options.settings.confirm and not yes  # which has said so
    if not asked and (note := unlimited(options.settings, call)):
        options.tell("note", note)
    with connect(options, watch=progress) as client:
        if walk:
            _show_all(client, call, progress, people)
            return
        with progress.during("Waiting for the answer"):
            output = client.run(call, confirm=confirm)
    if dialect:
        from ...adapters.sim import output_for_sim

        print_json(output_for_sim(spec, output))
    elif people:
        from ..render import show_output

        show_output(output)
    else:
        print_json(output)


def _call_for_sim(options: Options, spec: Spec, params: Mapping[str, Any], given: str | None) -> Tool[Any]:
    """Make the call that Sim's parameters stand for; their account takes the place of the settings'.

    Raises `UsageError` for a key that stands on the command line itself.
    """
    from ...adapters.sim import translated
    from ...export.builders.sim.params import API_KEY
    from ...security.references import is_reference, resolved

    key = params.get(API_KEY)
    if isinstance(key, str) and is_reference(key):
        params = {**params, API_KEY: resolved(key)}
    elif key and given is not None and given != "-" and not given.startswith("@"):
        raise UsageError(
            f"A key is never given on the command line: others can read {API_KEY} there.",
            hint="Give the parameters in @FILE or on standard input (-), write env:VARIABLE or file:PATH in "
            "place of the key, or set DEVIN_API_KEY.",
        )
    call, account = translated(spec.name, params, options.catalog)
    overrides = account.overrides()
    sources = dict(options.settings.sources) | dict.fromkeys(overrides, "parameters")
    options.settings = replace(options.settings, **overrides, sources=sources)
    return call


def _show_all(client: Client, call: Tool[Any], progress: ProgressLine, people: bool) -> None:
    """Show the items page by page; what the pages left out is named once, in the end."""
    pages, count = client.pages(call), 0
    left_out: dict[str, None] = {}
    while True:
        with progress.during(f"{count} so far"):
            page = next(pages, None)
        if page is None:
            break
        left_out |= _lost(page, count)
        count += len(page.items)
        if people:
            from ..render import show_items

            show_items(page)
        else:
            for item in page.model_dump(mode="json")[page.items_field]:
                print_line(item)
    if left_out:
        tell("left out", ", ".join(left_out))


def _lost(page: Page, before: int) -> dict[str, None]:
    """Name what no later page brings, with the items numbered from the first page on."""
    rest = f"{page.items_field}[{len(page.items)}:]"
    numbered = re.compile(rf"{page.items_field}\[(\d+)\]")
    return {
        numbered.sub(lambda found: f"{page.items_field}[{before + int(found[1])}]", name): None
        for name in page.left_out
        if name != rest
    }


@click.group(
    "call", cls=ToolCommands, invoke_without_command=True, subcommand_metavar="NAME [ID|JSON] [OPTIONS]"
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run a tool: its fields as options, or as JSON."""
    if ctx.invoked_subcommand is None:
        raise UsageError("Which tool?", hint="Run `devin-tools list` to see every tool.")
