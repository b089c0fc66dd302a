"""`mcp`: the tools as an MCP server, over standard input and output or over HTTP."""

from __future__ import annotations

import sys
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from ...errors import MissingSetting, UsageError
from ..options import Options
from ..shared_options import COUNT, FILE, PORT, option, read_only, tool_choice
from ..terminal import tell

if TYPE_CHECKING:
    from ...client.async_client import AsyncClient
    from ...mcp import Service, TransportGuard
    from ...settings import Settings

TOKEN_VARIABLE = "DEVIN_MCP_TOKEN"  # noqa: S105 - a name, not a token
NEEDED = ("mcp", "uvicorn")


@click.command("mcp")
@click.option("--http", "over_http", is_flag=True, help="Serve streamable HTTP instead of standard input.")
@option("--host", default="127.0.0.1", help="The address to serve HTTP on.")
@option("--port", type=PORT, default=8787, help="The port; 0 chooses a free one.")
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="A host name that callers use.")
@click.option("--token-file", type=FILE, help="Read the access token from a file, over DEVIN_MCP_TOKEN.")
@click.option("--token", "shown_token", hidden=True)
@click.option("--key-from-caller", is_flag=True, help="Let HTTP callers bring Devin keys of their own.")
@tool_choice
@read_only
@click.option(
    "--slice", "slice_seconds", type=click.FloatRange(1, 3600), help="Seconds after which waits return: 45."
)
@click.option(
    "--list",
    "listing",
    type=click.Choice(["auto", "full", "core"]),
    default="auto",
    help="What is listed: all tools, or those of core and what finds the others; auto goes by the size.",
)
@click.option(
    "--output-schemas/--no-output-schemas",
    default=False,
    help="List the schemas of outputs too, two thirds of such a list; by default not.",
)
@click.option("--calls-at-once", type=COUNT, help="How many calls of one caller may run at a time: 64.")
@click.option("--speed", type=click.FloatRange(0, min_open=True), help="Run the simulator's clock by itself.")
@click.pass_obj
def command(options: Options, /, slice_seconds: float | None, **given: Any) -> None:
    """Serve the tools to clients of the Model Context Protocol.

    Without --http it speaks on standard input and output, for the client that starts it.
    """
    if given["shown_token"] is not None:
        raise UsageError(
            "A token on the command line can be read by everybody on the machine.",
            hint=f"Make a new one, and give it in {TOKEN_VARIABLE} or with --token-file.",
        )
    _require_packages()
    over_http = given["over_http"]
    if given["key_from_caller"] and not over_http:
        raise UsageError("--key-from-caller is for --http.", hint="The key of stdio is DEVIN_API_KEY.")
    from ... import mcp

    if over_http:
        guard = _guard(given)
        service = _service(options, slice_seconds, given)
        mcp.serve_http(service, guard, partial(_tell_ready, service))
        return
    with mcp.kept_streams() as streams:  # from before the plugins are imported: they may print
        mcp.serve_stdio(_service(options, slice_seconds, given), streams)


def _service(options: Options, slice_seconds: float | None, given: dict[str, Any]) -> Service:
    from ... import mcp
    from ...presets import narrowed

    if given["speed"] is not None:
        if not options.simulate:
            raise UsageError(
                "--speed is for the simulator.", hint="Run `devin-tools --simulate mcp --speed 1`."
            )
        options.speed = given["speed"]
    choice = {name: given[name] for name in ("preset", "tools", "exclude", "read_only")}
    settings = narrowed(options.catalog, options.settings, **choice)
    if not given["key_from_caller"]:
        _require_key(options, settings, stays=not given["over_http"] and not sys.stdin.isatty())
    if not options.simulate:
        from ...client.connections import check_environment

        check_environment(settings)

    def connect(settings: Settings) -> AsyncClient:
        from ...client.async_client import AsyncClient

        return AsyncClient(settings, guards=options.catalog.guards, **options.transport())

    return mcp.Service(
        options.catalog,
        settings,
        connect,
        slice_seconds=slice_seconds or mcp.SLICE_SECONDS,
        calls_at_once=given["calls_at_once"] or mcp.CALLS_AT_ONCE,
        listing=given["listing"],
        output_schemas=given["output_schemas"],
    )


def _tell_ready(service: Service, url: str) -> None:
    shown, every = service.listing(), len(service.offer)
    listed = f"{len(shown.tools)} tools are listed ({shown.kind}), {every} may be called"
    tell("ready", f"{url} - {listed}; /full, /core and /auto after it choose the list")


def _require_key(options: Options, settings: Settings, *, stays: bool) -> None:
    """Raise `MissingSetting` without a usable key, unless the server is to stay.

    A client that starts it shows of one that ends no more than that it is gone. So it stays there, and each
    call says what is wrong.
    """
    try:
        settings.require_key()
    except MissingSetting as error:
        if not stays:
            raise
        options.tell("warning", f"{error.message} Every call will fail. {error.hint_for('cli')}")


def _require_packages() -> None:
    """Look for the packages of the extra without importing any: what is in `mcp` takes long."""
    found = [find_spec(name) for name in NEEDED]
    if any(spec is None or spec.origin is None for spec in found):  # a mere folder of that name has no origin
        raise UsageError("The MCP server needs the extra mcp.", hint="Run `pip install 'devin-tools[mcp]'`.")


def _guard(given: dict[str, Any]) -> TransportGuard:
    from pydantic import SecretStr

    from ... import mcp
    from ...security.access_token import load_token

    token = load_token(TOKEN_VARIABLE, given["token_file"])
    access = mcp.Access(SecretStr(token) if token else None, key_from_caller=given["key_from_caller"])
    return mcp.TransportGuard(given["host"], given["port"], given["names"], access)
