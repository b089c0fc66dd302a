"""`lint [PATH]`: check a list of tools against the rules of the providers it is sent to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ...text.suggestions import did_you_mean, one_of
from ...text.visible import visible
from ..exit_codes import OK, UNEXPECTED
from ..input_files import read_text
from ..options import Options
from ..terminal import print_json, tell

if TYPE_CHECKING:
    from ...lint import Finding, Listed

MEGABYTES = 16
PREFIX = re.compile(r"[A-Za-z0-9_.:-]{0,63}")


@click.command("lint")
@click.argument("path", required=False)
@click.option("--provider", metavar="NAME", help="Check by this provider's rules; `all`: by every one's.")
@click.option("--prefix", default="", metavar="TEXT", help="What a client puts before each name.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave a rule out; may be repeated.")
@click.option("as_json", "--json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context, /, path: str | None, provider: str | None, prefix: str, ignore: tuple[str, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Check exported tools, ours or anybody's, before a provider refuses them.

    PATH is a file, a folder, or - for standard input; without it, what is installed here is checked.
    The exit code is 1 when there are errors, 0 when there are none, 2 when the input cannot be read.
    """
    from ...lint import judge, offers
    from ...lint.shown import shown

    _check(provider, prefix, ignore)
    lists = _lists(ctx.ensure_object(Options), path, provider)
    if path is None and provider == "all":
        provider = None  # each of our exports is made for one provider
    findings = [
        finding
        for tools in lists
        for finding in judge(tools, provider=provider, prefix=prefix, ignore=ignore)
    ]
    names, counts = [tool.name for tools in lists for tool in tools], _counts(findings)
    if as_json:
        print_json(
            {
                "tools": len(names),
                "counts": counts,
                "findings": [finding.as_dict() for finding in findings],
                "aliases": {shown(alias): shown(name) for name, alias in offers(names, prefix).items()},
            }
        )
    else:
        for finding in findings:
            click.echo(visible(str(finding)))
        tell("checked", f"{len(names)} tools: {counts['error']} errors, {counts['warning']} warnings")
    ctx.exit(UNEXPECTED if any(finding.severity == "error" for finding in findings) else OK)


def _check(provider: str | None, prefix: str, ignore: Sequence[str]) -> None:
    from ...lint import PROVIDERS, RULES

    if provider is not None and provider not in PROVIDERS:
        raise UsageError("The provider is not known.", hint=one_of(provider, PROVIDERS, "providers"))
    if not PREFIX.fullmatch(prefix):
        raise UsageError("A prefix has up to 63 letters, digits and _ . : -", hint="Such as mcp__devin__.")
    known = [rule.id for rule in RULES]
    for name in ignore:
        if name not in known:
            raise UsageError("The rule to ignore is not known.", hint=did_you_mean(name, known))


def _lists(options: Options, path: str | None, provider: str | None) -> list[list[Listed]]:
    from ...lint import own_lists, read_file, read_folder

    if path is None:
        return own_lists(options.catalog, provider)
    if path == "-" or not Path(path).is_dir():
        return [read_file(read_text(path, MEGABYTES), "" if path == "-" else path)]
    files = sorted(file for file in Path(path).glob("*.json") if file.is_file())
    reading = read_folder({str(file): read_text(str(file), MEGABYTES) for file in files})
    for file in reading.skipped:
        tell("skipped", f"{file} is not a list of tools", "yellow")
    return reading.lists


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in ("error", "warning", "note")}
