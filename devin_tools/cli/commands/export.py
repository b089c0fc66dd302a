"""`export FORMAT -o DIR`: write every tool in a format that a plugin knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import PluginError, UsageError
from ..options import Options
from ..shared_options import tool_choice
from ..terminal import for_people, print_json, tell

if TYPE_CHECKING:
    from ...hookspecs import Exporter


@click.command("export")
@click.argument("format", required=False)
@click.option("-o", "--output", "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@tool_choice
@click.pass_obj
def command(options: Options, /, format: str | None, folder: Path | None, **choice: Any) -> None:
    """Write every tool in a format; without FORMAT, list the formats."""
    formats = options.catalog.exporters
    if format is None:
        _list(formats)
        return
    if format not in formats:
        raise UsageError(
            f"There is no format {format[:64]!r}.", hint=f"The formats are: {', '.join(sorted(formats))}."
        )
    if folder is None:
        raise UsageError("The folder is missing.", hint=f"Run `devin-tools export {format} -o DIR`.")
    from ...presets import chosen

    specs = chosen(options.catalog, **choice)
    written = _write(folder, format, formats[format].files(specs))
    tell("written", f"{written} files of the format {format} in {folder}")


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
