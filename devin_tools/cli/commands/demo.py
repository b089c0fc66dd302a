"""`demo`: run the main job against the embedded simulator, or against the API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ...errors import DevinToolsError, UsageError
from ..consent import require_consent
from ..numbers import Finite
from ..options import Options, connect
from ..text import as_json, for_people, printable, tell

if TYPE_CHECKING:
    from ..demo_script import Demo, Findings

SIMULATED_PROMPT = (
    "Fix the flaky test in tests/test_cart.py and open a pull request. Ask when a choice is mine."
)
SIMULATED_ANSWER = "The local one, please."
LIVE_PROMPT = (
    "Write a haiku about continuous integration. Ask me once, before you start, whether it should be "
    "cheerful or gloomy, and wait for the answer. Then put the haiku into the summary of the structured "
    "output. Touch no repository and open no pull request."
)
LIVE_ANSWER = "Cheerful, please."

LONGEST_TEXT = 160
LONGEST_LIST = 5


@click.command("demo")
@click.option("--live", is_flag=True, help="Use the real API. This spends ACUs; it asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--prompt", help="Another task.")
@click.option("--repo", "repos", multiple=True, metavar="OWNER/REPO", help="Where to work; repeatable.")
@click.option("--answer", help="What to say when Devin asks.")
@click.option("--max-acu", type=click.IntRange(1), default=2, show_default=True, help="The most to spend.")
@click.option("--every", type=Finite(0.01), help="Seconds between looks: 2, or 10 with --live.")
@click.option("--deadline", type=Finite(0), default=30, show_default=True, help="Minutes to watch.")
@click.pass_obj
def command(options: Options, /, live: bool, yes: bool, **wanted: Any) -> None:
    """Run the main job: a task from its prompt to its outcome.

    Against the embedded simulator, in virtual time; with --live against the API. Nothing is
    terminated: a session that takes longer than the deadline goes on by itself.
    """
    if live and options.simulate:
        raise UsageError("--live and --simulate name two different places; give one.")
    if not live:
        options = replace(options, simulate=True, scenario="asks")
    with connect(options) as client:
        demo = _prepare(options, client, live, wanted)
        if live:
            _ask(options, demo, yes)
        findings = _run(demo)
    click.echo(f"\n{'Proven' if findings.is_finished else 'Seen'}: {printable(findings.in_words())}")
    if not findings.is_finished:
        raise DevinToolsError(
            "The session did not finish.", hint="Follow it with `devin-tools call devin_get_session`."
        )


def _prepare(options: Options, client: Any, live: bool, wanted: dict[str, Any]) -> Demo:
    from ..demo_script import Demo, Task

    task = Task(
        prompt=wanted["prompt"] or (LIVE_PROMPT if live else SIMULATED_PROMPT),
        answer=wanted["answer"] or (LIVE_ANSWER if live else SIMULATED_ANSWER),
        repos=wanted["repos"],
        max_acu_limit=wanted["max_acu"],
        seconds_between=wanted["every"] or (10.0 if live else 2.0),
        deadline=wanted["deadline"] * 60,
    )
    where = options.settings.base_url if live else "the embedded simulator; no request leaves this machine"
    click.echo(f"devin-tools demo against {where}")
    return Demo(client, options.catalog, task, _say, _show)


def _ask(options: Options, demo: Demo, yes: bool) -> None:
    organisation = options.settings.org_id or "the key's organisation"
    click.echo(
        f"This starts one real session in {organisation}. It may spend up to "
        f"{demo.task.max_acu_limit} ACU(s); nothing here ends it early.\nThe task: {demo.task.prompt}"
    )
    require_consent("Start it?", given=yes)


def _run(demo: Demo) -> Findings:
    try:
        return demo.run()
    except (DevinToolsError, KeyboardInterrupt):
        if (session := demo.findings.session) is not None:
            tell("note", f"The session goes on by itself: {session.url or session.session_id}")
        raise


def _say(text: str) -> None:
    click.echo(printable(text))


def _show(label: str, value: Any) -> None:
    """Print JSON: all of it in a pipe, the telling part of it for a person."""
    click.echo(f"{label}: {as_json(abbreviated(value) if for_people() else value, 2)}")


def abbreviated(value: Any) -> Any:
    """Shorten a JSON value: no empty fields, no long texts, no long lists."""
    if isinstance(value, dict):
        return {name: abbreviated(item) for name, item in value.items() if item not in (None, [], {})}
    if isinstance(value, list):
        rest = len(value) - LONGEST_LIST
        return [*map(abbreviated, value[:LONGEST_LIST]), *([f"... and {rest} more"] if rest > 0 else [])]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}..."
    return value
