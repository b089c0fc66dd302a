"""A Dify plugin: a provider with a credential check, and a tool for every tool.

What is YAML by name is written as JSON, which is YAML too: Dify's loaders read both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....settings import DEFAULT_BASE_URL
from ....spec import Spec
from ....version import __version__
from ...quoting import docstring, json_text
from .. import asset
from ..fields import require_constants
from .form import localized, parameters_of, variables_of

__all__ = ["MAX_SECONDS", "PROVIDER", "dify_files"]

AUTHOR = "devin-tools"
PROVIDER = "devin"
MAX_SECONDS = 600
"""How long a call may take: Dify's daemon ends one after this many seconds by default."""

ABOUT: dict[str, Any] = {
    "label": localized("Devin"),
    "description": localized("Every operation of the Devin API as a tool."),
    "icon": "icon.svg",
}
STATIC = ("README.md", "PRIVACY.md", "_assets/icon.svg")


def dify_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write the plugin."""
    require_constants("Dify", specs, lambda field: field.options if field.kind == "choice" else ())
    written = {
        "manifest.yaml": json_text(_manifest()),
        "main.py": asset("dify", "main.py.txt").format(seconds=MAX_SECONDS),
        "requirements.txt": _requirements(specs),
        f"provider/{PROVIDER}.yaml": json_text(_provider(specs)),
        f"provider/{PROVIDER}.py": asset("dify", "provider.py.txt"),
        **{name: asset("dify", name.rpartition("/")[2]) for name in STATIC},
    }
    source = asset("dify", "tool.py.txt")
    for spec in specs:
        written[f"tools/{spec.name}.yaml"] = json_text(_tool(spec))
        written[f"tools/{spec.name}.py"] = source.format(name=spec.name, summary=docstring(spec.summary))
    return written


def _manifest() -> dict[str, Any]:
    return {
        "version": __version__,
        "type": "plugin",
        "author": AUTHOR,
        "name": "devin_tools",
        **ABOUT,
        "created_at": "2026-01-01T00:00:00Z",
        "tags": ["productivity", "utilities"],
        "resource": {"memory": 268435456, "permission": {}},
        "plugins": {"tools": [f"provider/{PROVIDER}.yaml"]},
        "meta": {
            "version": "0.0.1",
            "arch": ["amd64", "arm64"],
            "runner": {"language": "python", "version": "3.12", "entrypoint": "main"},
        },
        "privacy": "PRIVACY.md",
    }


def _requirements(specs: Sequence[Spec]) -> str:
    """Pin this package; what packages others' tools come from, only whoever exports them knows."""
    modules = {spec.module.partition(".")[0] for spec in specs} - {__name__.partition(".")[0]}
    lines = ["dify-plugin>=0.7.4,<1", f"devin-tools=={__version__}"]
    lines += [f"# and the package that brings the module {name}" for name in sorted(modules)]
    return "\n".join(lines) + "\n"


def _provider(specs: Sequence[Spec]) -> dict[str, Any]:
    return {
        "identity": {
            "author": AUTHOR,
            "name": PROVIDER,
            **ABOUT,
            "tags": ["productivity", "utilities"],
        },
        "credentials_for_provider": {
            "api_key": {
                "type": "secret-input",
                "required": True,
                "label": localized("API key"),
                "placeholder": localized("cog_..."),
                "help": localized("The key of a service user, from the settings of your Devin organization."),
            },
            "org_id": {
                "type": "text-input",
                "required": False,
                "label": localized("Organization"),
                "help": localized("org-...; left empty, the only one that the key reaches."),
            },
            "base_url": {
                "type": "text-input",
                "required": False,
                "label": localized("Base URL"),
                "placeholder": localized(DEFAULT_BASE_URL),
            },
        },
        "tools": [f"tools/{spec.name}.yaml" for spec in specs],
        "extra": {"python": {"source": f"provider/{PROVIDER}.py"}},
    }


def _tool(spec: Spec) -> dict[str, Any]:
    return {
        "identity": {"name": spec.name, "author": AUTHOR, "label": localized(spec.title)},
        "description": {"human": localized(spec.summary), "llm": spec.description},
        "parameters": parameters_of(spec),
        "output_schema": variables_of(spec),
        "extra": {"python": {"source": f"tools/{spec.name}.py"}},
    }
