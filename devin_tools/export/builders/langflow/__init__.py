"""A Langflow extension: a small file per tool, whose fields and work are in the installed package.

Langflow keeps the source of a node in every flow that uses it, so that source says no more than which
tool it is. The folder is both an extension (`extension.json`) and a components path (its one category).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....spec import Spec
from ....version import __version__
from ...quoting import docstring, json_text
from .. import asset

__all__ = ["CATEGORY", "class_of", "langflow_files"]

CATEGORY = "devin"
"""The folder of the components, which is also the name of their group in a components path."""


def langflow_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write the extension."""
    source = asset("langflow", "component.py.txt")
    return {
        "extension.json": json_text(_extension(), indent=2),
        "README.md": asset("langflow", "README.md"),
        f"{CATEGORY}/__init__.py": '"""A component for every tool of devin-tools."""\n',
        **{
            f"{CATEGORY}/{spec.name}.py": source.format(
                name=spec.name, class_name=class_of(spec), summary=docstring(spec.summary)
            )
            for spec in specs
        },
    }


def class_of(spec: Spec) -> str:
    """Return the name of a tool's component, by which flows know it."""
    return "".join(word[:1].upper() + word[1:] for word in spec.name.split("_"))


def _extension() -> dict[str, Any]:
    bundle = {"name": "devin_tools", "path": CATEGORY, "display_name": "Devin", "icon": "bot"}
    return {
        "$schema": "https://schemas.langflow.org/extension/v1.json",
        "id": "devin-tools",
        "version": __version__,
        "name": "Devin tools",
        "description": "Every operation of the Devin API as a component.",
        "lfx": {"compat": ["1"]},
        "bundles": [bundle],
    }
