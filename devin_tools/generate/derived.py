"""Everything derived, in one list: write it, or check that it is current."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import ModuleType

from .. import api, tasks
from ..api.shared.discovery import tools_of
from ..declarations import described
from ..errors import UsageError
from ..export import devin_tools_provide_exporters
from ..hookspecs import Exporter
from ..lint import rule_table
from ..search import entries, vocabulary
from ..search.meta_tools import META_TOOLS
from ..spec import Spec
from ..tool_index import index_files
from .tables import (
    model_imports,
    module_imports,
    name_table,
    resource_table,
    setting_options,
    setting_table,
    tool_table,
)

MAX_DIFF_LINES = 60
INDEX, META_INDEX = "devin_tools/index", "devin_tools/search/index"
MANIFESTS = "manifests"
PROVIDERS = "manifests/providers"
"""Where the manifests are, and the formats of one file; a format of many has a folder beside them. A changed
tool shows there as a readable diff."""

NOT_KEPT = frozenset({"gemini-interactions"})
"""Formats that hold what another one does in another frame: no change of a tool would show there alone."""

BLOCKS: dict[str, dict[str, Callable[[Sequence[Spec]], str]]] = {
    "README.md": {"resources": resource_table},
    "docs/tools.md": {"tools": tool_table},
    "docs/cli.md": {"settings": setting_table},
    "docs/lint.md": {"rules": rule_table},
    "devin_tools/__init__.py": {"models": model_imports},
    "devin_tools/public_names.py": {
        "models": partial(name_table, of_models=True),
        "helpers": partial(name_table, of_models=False),
    },
    "devin_tools/api/__init__.py": {"modules": partial(module_imports, api)},
    "devin_tools/tasks/__init__.py": {"modules": partial(module_imports, tasks)},
    "devin_tools/settings.py": {"options": setting_options},
}
"""Files with generated parts, each between comments that say `generated:NAME` and `end`."""

OPENS, ENDS = r"[^\n]*(?:<!-- generated:{name} -->|# generated:{name})\n", r"[^\n]*(?:<!-- end -->|# end)"


def generate(root: Path) -> list[Path]:
    """Write what is not current under a checkout, and list the files that changed."""
    changed = []
    for path, text in _derived(root).items():
        if _read(path) == text:
            continue
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        changed.append(path)
    return changed


def check(root: Path) -> str:
    """Compare without writing: an empty text, or a diff of bounded length."""
    lines: list[str] = []
    for path, text in _derived(root).items():
        if (found := _read(path)) != text:
            lines += _difference(str(path.relative_to(root)), found, text)
    shown = list(islice(lines, MAX_DIFF_LINES))
    if len(lines) > len(shown):
        shown.append(f"... and {len(lines) - len(shown)} more lines")
    return "\n".join(shown)


def _difference(name: str, found: str | None, text: str | None) -> list[str]:
    was, should = (found or "").splitlines(), (text or "").splitlines()
    diff = list(difflib.unified_diff(was, should, name, f"{name} (generated)", lineterm=""))
    return diff or [f"{name}: should go" if text is None else f"{name}: differs in its line ends"]


def _derived(root: Path) -> dict[Path, str | None]:
    """Return every derived file with the text it should have; `None` for one that should go."""
    _require_checkout(root)
    specs = declared()
    there = sorted(path for path in (root / MANIFESTS).rglob("*") if path.is_file())
    derived: dict[Path, str | None] = dict.fromkeys(there)
    for exporter in devin_tools_provide_exporters():
        if exporter.name in NOT_KEPT:
            continue
        folder = root / _folder(exporter)
        derived |= {folder / file: text for file, text in exporter.files(specs).items()}
    indexes = ((INDEX, specs), (META_INDEX, [described(tool) for tool in META_TOOLS]))
    for home, found in indexes:
        derived |= {root / home / file: text for file, text in index_files(found).items()}
    derived[root / META_INDEX / entries.KEPT.name] = entries.kept(specs)
    derived[root / META_INDEX / vocabulary.KEPT.name] = vocabulary.kept()
    for name, blocks in BLOCKS.items():
        derived[root / name] = _filled(root / name, blocks, specs)
    return derived


def declared() -> list[Spec]:
    """Describe every operation and every composed tool by its class, in the order of their modules' names."""
    every = sorted((*api.modules(), *tasks.modules()), key=_home)
    return [described(tool) for tool in tools_of(every)]


def _home(module: ModuleType) -> str:
    """Return the place of a module within its package."""
    return module.__name__.partition(".")[2].partition(".")[2]


def _folder(exporter: Exporter) -> str:
    if exporter.name == "manifest":
        return MANIFESTS
    return f"{MANIFESTS}/{exporter.name}" if exporter.is_folder else PROVIDERS


def _require_checkout(root: Path) -> None:
    project = _read(root / "pyproject.toml") or ""
    if 'name = "devin-tools"' not in project:
        raise UsageError(
            "This folder is not a checkout of devin-tools.", hint="Run it where its pyproject.toml is."
        )
    own = root / "devin_tools" / "generate" / "derived.py"
    if own.is_file() and not own.samefile(__file__):
        raise UsageError(
            "This is not the checkout's own devin-tools, so it cannot tell what is current.",
            hint="Install the checkout with `python3 -m pip install -e .`, and run that.",
        )


def _filled(path: Path, blocks: Mapping[str, Callable[[Sequence[Spec]], str]], specs: Sequence[Spec]) -> str:
    text = _read(path) or ""
    for name, make in blocks.items():
        pattern = re.compile(f"({OPENS.format(name=name)}).*?({ENDS})", re.DOTALL)
        made = make(specs).replace("\\", r"\\")
        text, found = pattern.subn(rf"\g<1>{made}\n\g<2>", text)
        if found != 1:
            raise UsageError(f"{path.name} must hold the markers of the generated part {name!r} once.")
    return text


def _read(path: Path) -> str | None:
    """Read a file with its line ends as they are."""
    return path.read_bytes().decode("utf-8") if path.is_file() else None
