"""`export FORMAT [-o DIR]`: write every tool in a format that a plugin knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import PluginError, UsageError
from ...text.suggestions import one_of
from ..options import Options
from ..shared_options import tool_choice
from ..terminal import for_people, print_json, tell

if TYPE_CHECKING:
    from ...hookspecs import Exporter
    from ...spec import Spec


@click.command("export")
@click.argument("format", required=False)
@click.option(
    "-o", "--output", "folder", metavar="DIR|-", type=click.Path(path_type=Path, file_okay=False),
    help="Write into this folder; left out, or -, a format of one file is printed.",
)  # fmt: skip
@click.option(
    "--loaded",
    metavar="PATTERN,...",
    help="Show a model only these tools at once, such as core, and let it find the others.",
)
@click.option(
    "--search", metavar="NAME", help="With --loaded: how it finds them, by default the format's first way."
)
@tool_choice
@click.pass_obj
def command(
    options: Options,
    /,
    format: str | None,
    folder: Path | None,
    loaded: str | None,
    search: str | None,
    **choice: Any,
) -> None:
    """Write every tool in a format; without FORMAT, list the formats."""
    formats = options.catalog.exporters
    if format is None:
        _list(formats)
        return
    if format not in formats:
        hint = one_of(format, sorted(formats), "formats")
        raise UsageError(f"No format is called {format[:64]!r}.", hint=hint)
    from ...presets import chosen

    files = _files(formats, format, chosen(options.catalog, **choice), loaded, search)
    if folder is None or str(folder) == "-":
        _print(format, files)
        return
    written = _write(folder, format, files)
    tell("written", f"{written} files of the format {format} in {folder}")


def _files(
    formats: Mapping[str, Exporter],
    format: str,
    specs: Sequence[Spec],
    loaded: str | None,
    search: str | None,
) -> Mapping[str, str]:
    """Return the files of a format; raise `UsageError` where its tools cannot be found one by one."""
    if loaded is None:
        if search is not None:
            hint = "Say which tools a model is shown at once: --loaded core."
            raise UsageError("--search is for tools that a model finds.", hint=hint)
        return formats[format].files(specs)
    make = formats[format].deferred
    if make is None:
        able = ", ".join(sorted(name for name, one in formats.items() if one.deferred))
        raise UsageError(f"The format {format} lists all its tools.", hint=f"--loaded is for {able}.")
    return make(specs, loaded, search)


def _print(format: str, files: Mapping[str, str]) -> None:
    """Print the file that has the name of the format, or the only one; raise `UsageError` for a folder."""
    main = f"{format}.json" if f"{format}.json" in files else next(iter(files), "")
    others = sorted(set(files) - {main})
    if others and main != f"{format}.json":
        raise UsageError(
            f"The format {format} is a folder of {len(files)} files, which cannot be printed.",
            hint=f"Run `devin-tools export {format} -o DIR`.",
        )
    click.echo(files.get(main, ""), nl=False)
    if others:
        tell("not printed", f"{', '.join(others)}; `devin-tools export {format} -o DIR` writes all", "yellow")


def _list(formats: Mapping[str, Exporter]) -> None:
    summaries = {name: formats[name].summary for name in sorted(formats)}
    if for_people():
        from ..render import show_facts

        show_facts(summaries)
    else:
        print_json([{"name": name, "summary": summary} for name, summary in summaries.items()])


def _write(folder: Path, name: str, files: Mapping[str, str]) -> int:
    """Write all files, or none when one of them would lie outside the folder."""
    inside = folder.resolve()
    paths = {(inside / relative).resolve(): text for relative, text in files.items()}
    for path in paths:
        if inside not in path.parents:
            raise PluginError(f"The format {name} would write outside the folder, so nothing was written.")
    for path, text in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(paths)
