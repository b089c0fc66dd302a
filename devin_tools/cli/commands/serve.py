"""`serve`: every tool as an OpenAPI operation for programs, and a page for people."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import MissingSetting, UsageError
from ..logs import RULES, show_log
from ..options import SERVED_SPEED, Options
from ..shared_options import COUNT, FILE, PORT, option, read_only, tool_choice
from ..terminal import tell
from .rules import rules_in

if TYPE_CHECKING:
    from ...server import App

SIMULATED_LOOK = 1.0
"""Seconds between two polls of the sessions that rules started, where sessions live so fast."""


@click.command("serve")
@option("--host", default="127.0.0.1", help="Where to listen.")
@option("--port", type=PORT, default=8765, help="The port; 0 chooses a free one.")
@click.option("--token-file", type=FILE, help="A file with the token of callers, over DEVIN_SERVE_TOKEN.")
@click.option("--no-auth", is_flag=True, help="Let every program on this machine call; only on loopback.")
@read_only
@tool_choice
@click.option("--public-url", metavar="URL", default="", help="The URL callers reach it by, behind a proxy.")
@click.option(
    "--allow-origin",
    "origins",
    metavar="ORIGIN",
    multiple=True,
    help="Let pages of this origin call; repeatable.",
)
@option("--call-seconds", type=click.FloatRange(5, 3600), default=55.0, help="The longest call.")
@option("--calls-at-once", type=COUNT, default=32, help="How many calls may run at a time.")
@option("--calls-a-minute", type=COUNT, default=300, help="How many calls may begin in a minute.")
@click.option(
    "--rules",
    "rules_file",
    type=FILE,
    help="Take events at POST /hooks/alerts, and act by the rules of this file.",
)
@option(
    "--follow",
    type=click.Choice(["here", "temporal", "not"]),
    default="here",
    help="Who reports on the sessions that --rules starts: this server, or workers on a Temporal server.",
)
@click.option("--no-hook-secret", is_flag=True, help="Take events from anybody; only on loopback.")
@click.option("--no-console", is_flag=True, help="Serve no web page for people at /console/.")
@click.option(
    "--grace", type=click.FloatRange(0), metavar="SECONDS", help="How long to wait for running calls."
)
@click.pass_obj
def command(options: Options, /, host: str, port: int, grace: float | None, **given: Any) -> None:
    """Serve every tool as `POST /tools/NAME` until Ctrl-C, with an OpenAPI document and a web page.

    Callers send a token of this server's own, from DEVIN_SERVE_TOKEN or --token-file, as a bearer
    token. The Devin key stays here.
    """
    if find_spec("starlette") is None:
        hint = "Run `python3 -m pip install 'devin-tools[server]'`."
        raise UsageError("Serving needs the extra server.", hint=hint)
    from ...server.uvicorn_server import Address, serve

    token = _token(given["token_file"], host=host, no_auth=given["no_auth"])
    app = _app(options, token, given | {"hooks": _hooks(options, host, given)})

    def ready(url: str) -> None:
        page = "" if given["no_console"] else f", console: {url}/console/"
        click.echo(f"devin-tools server ready at {url} (document: {url}/openapi.json{page})")

    if token is None:
        tell("warning", "Every program on this machine can call it.", "yellow")
    seconds = given["call_seconds"] if grace is None else grace
    serve(app, Address(host, port), grace_seconds=seconds, ready=ready)


def _token(file: Path | None, *, host: str, no_auth: bool) -> str | None:
    """Return what callers must send; `None` only with --no-auth, and only on loopback."""
    from ...security.access_token import load_token
    from ...server import auth

    if no_auth:
        if file is not None:
            raise UsageError("--no-auth and --token-file exclude each other.")
        if not auth.is_loopback(host):
            raise UsageError("--no-auth is for loopback only: another host needs a token.")
        return None
    token = load_token(auth.TOKEN_VARIABLE, file)
    if token is None:
        raise MissingSetting(
            "No server token is set.",
            hint=f"Set {auth.TOKEN_VARIABLE} or give --token-file; on loopback, --no-auth needs none.",
        )
    return token


def _hooks(options: Options, host: str, given: dict[str, Any]) -> Any:
    """Read the rules of events, and the secrets of who may send them."""
    file, is_open = given["rules_file"], given["no_hook_secret"]
    if file is None:
        if is_open:
            raise UsageError("--no-hook-secret is for --rules.")
        return None
    show_log(click.get_current_context(), RULES)
    from ...server import Hooks, auth, webhooks

    if is_open and not auth.is_loopback(host):
        raise UsageError("--no-hook-secret is for loopback only: elsewhere senders need a secret.")
    secrets = None if is_open else webhooks.secrets_of_environment()
    topics = webhooks.topics_of_environment()
    if secrets == {} and not topics:
        raise MissingSetting(
            "No secret is set for the senders of events.",
            hint=f"Set {webhooks.SECRET_VARIABLE}; on loopback, --no-hook-secret needs none.",
        )
    more: dict[str, Any] = {"follow": given["follow"] != "not", "sns_topics": topics}
    if given["follow"] == "temporal":
        from ...engines.temporal.connection import require_temporal
        from ...engines.temporal.handover import WorkflowFollower

        require_temporal()
        more["follower"] = WorkflowFollower
    if options.simulate:
        more["look_seconds"] = SIMULATED_LOOK
    return Hooks(rules_in(options, str(file)), secrets, **more)


def _app(options: Options, token: str | None, given: dict[str, Any]) -> App:
    if given["public_url"] and not given["public_url"].startswith(("http://", "https://")):
        raise UsageError("--public-url must start with http:// or https://.")
    from ... import server
    from ...presets import narrowed

    options.speed = SERVED_SPEED
    limits = {name: given[name] for name in ("call_seconds", "calls_at_once", "calls_a_minute")}
    choice = {name: given[name] for name in ("preset", "tools", "exclude", "read_only")}
    console = None if given["no_console"] else server.Console(is_simulated=options.simulate)
    return server.create_app(
        narrowed(options.catalog, options.settings, **choice),
        token=token,
        catalog=options.catalog,
        limits=server.Limits(**limits),
        public_url=given["public_url"].rstrip("/"),
        origins=given["origins"],
        console=console,
        hooks=given["hooks"],
        **options.transport(),
    )
