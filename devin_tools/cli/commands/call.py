"""`call NAME`: one subcommand per tool, made from its spec."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError
from ..consent import is_confirmed
from ..options import Options, connect
from ..terminal import ProgressLine, for_people, print_json, print_line, tell

if TYPE_CHECKING:
    from ...client.clients import Client
    from ...paging.pages import Page
    from ...spec import Spec
    from ...tool import Output, Tool

JSON = click.Argument(["given"], required=False, metavar="[JSON|@FILE|-]")
YES = click.Option(["--yes"], is_flag=True, help="Give consent: do not ask before destroying or spending.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Show what would be sent, and send nothing.")
AS_JSON = click.Option(["as_json", "--json"], is_flag=True, help="Print JSON on a terminal too.")
ALL = click.Option(
    ["--all", "walk"], is_flag=True, help="Walk over all pages; piped, one JSON item per line."
)
DIALECT = click.Option(
    ["--dialect"],
    type=click.Choice(["sim"]),
    help="Take the parameters and give the output as the workflow builder Sim does.",
)
COMMON = (AS_JSON, DRY_RUN, YES, DIALECT)
RESERVED = ("--all", "--json", "--yes", "--help", "--dry-run", "--dialect")


class ToolCommands(click.Group):
    """The tools of the catalog as subcommands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the tools."""
        return list(ctx.ensure_object(Options).catalog.specs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the tools in the help, those of one resource together."""
        from ...generate.tables import by_resource

        for resource, specs in by_resource(ctx.ensure_object(Options).catalog).items():
            with formatter.section(resource.replace("_", " ").capitalize()):
                formatter.write_dl([(spec.name, spec.summary) for spec in specs])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Make the command of one tool."""
        return command_for(ctx.ensure_object(Options).catalog.spec(cmd_name))


def command_for(spec: Spec) -> click.Command:
    """Turn a spec into a command whose options are its fields."""
    from ..arguments import field_options

    return click.Command(
        spec.name,
        params=[JSON, *field_options(spec, RESERVED), *([ALL] if spec.paging else []), *COMMON],
        callback=_callback(spec),
        help=f"{spec.description}\n\n{_facts(spec)}",
        short_help=spec.summary,
        context_settings={"token_normalize_func": lambda token: token.replace("_", "-")},
    )


def _facts(spec: Spec) -> str:
    permission = f" Permission: {spec.permission}." if spec.permission else ""
    return (
        f"Effect: {spec.effect}.{permission} Fields are options, or JSON as an argument, "
        "in @FILE, or on standard input (-); an option wins over the JSON. Only what is given is sent; "
        "null and empty lists are given in JSON."
    )


def _callback(spec: Spec) -> Callable[..., None]:
    @click.pass_context
    def run(
        ctx: click.Context, /, given: str | None, yes: bool, as_json: bool, dry_run: bool, **rest: Any
    ) -> None:
        options = ctx.ensure_object(Options)
        dialect = rest["dialect"]
        call = _call(ctx, options, spec, given, dialect)
        if dry_run:
            from ..dry_run import show_dry_run

            show_dry_run(options, call, as_json=as_json)
            return
        if dialect and rest.get("walk"):
            raise UsageError(
                "--all and --dialect do not go together.", hint="Pass `after`, the endCursor of a page."
            )
        confirm = is_confirmed(options, call, yes=yes)
        waiting = ProgressLine()
        with connect(options, watch=waiting) as client:
            if rest.get("walk"):
                _show_all(client, call, waiting, for_people(as_json))
                return
            with waiting.during("Waiting for the answer"):
                output = client.run(call, confirm=confirm)
            _show(spec, output, for_people(as_json), dialect)

    return run


def _call(
    ctx: click.Context, options: Options, spec: Spec, given: str | None, dialect: str | None
) -> Tool[Any]:
    from ..arguments import arguments_of

    arguments = arguments_of(ctx, options.catalog, spec, given)
    if dialect is None:
        return options.catalog.call(spec.name, arguments)
    from ..sim_dialect import call_for_sim

    return call_for_sim(options, spec, arguments, given)


def _show(spec: Spec, output: Output, people: bool, dialect: str | None) -> None:
    if dialect:
        from ..sim_dialect import show_for_sim

        show_for_sim(spec, output)
    elif people:
        from ..render import show_output

        show_output(output)
    else:
        print_json(output)


def _show_all(client: Client, call: Tool[Any], waiting: ProgressLine, people: bool) -> None:
    pages, count = client.pages(call), 0
    left_out: dict[str, None] = {}
    while (page := _next(pages, waiting, count)) is not None:
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


def _next(pages: Any, waiting: ProgressLine, count: int) -> Page | None:
    with waiting.during(f"{count} so far"):
        page: Page | None = next(pages, None)
    return page


@click.group(
    "call", cls=ToolCommands, invoke_without_command=True, subcommand_metavar="NAME [JSON] [OPTIONS]"
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run a tool: its fields as options, or as JSON."""
    if ctx.invoked_subcommand is None:
        raise UsageError("Which tool?", hint="Run `devin-tools list` to see every tool.")
