"""Run an importer of the OpenAPI document in a process, and return what it saw."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support.served_processes import TOKEN, environment, served
from support.tools import built_in

from devin_tools import Spec
from devin_tools.model_input import for_models

__all__ = ["fillable", "offered", "seen_by"]


def seen_by(package: str) -> dict[str, Any]:
    """Serve the tools, and run the script of an importer; return what it saw."""
    module = package.replace("-", "_")
    if find_spec(module) is None:
        pytest.skip(f"needs {package}: nox -s {package}")
    script = Path(__file__).with_name(f"with_{module}.py")
    with served("--simulate", "serve", "--port", "0", DEVIN_SERVE_TOKEN=TOKEN) as (_, url):
        command = [sys.executable, str(script), url, TOKEN]
        variables = environment() | {"PYTHONWARNINGS": "ignore", "PYTHONPATH": ""}
        got = subprocess.run(command, capture_output=True, text=True, timeout=300, env=variables)
    assert got.returncode == 0, got.stdout + got.stderr
    seen: dict[str, Any] = json.loads(got.stdout)
    return seen


def offered() -> dict[str, Spec]:
    """Return the tools that models are offered."""
    return {spec.name: spec for spec in for_models(built_in())}


def fillable(name: str) -> set[str]:
    """Return the fields of a tool that a model may fill."""
    spec = built_in().spec(name)
    return set(spec.input_schema["properties"]) - spec.user_only
