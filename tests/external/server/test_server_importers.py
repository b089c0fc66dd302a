"""Real importers load the document and call the server: fastmcp and semantic-kernel.

Run with `python3 -m pytest -m server_importers`: it makes an environment for each, kept in the cache of
pytest, and installs the package there from PyPI (fastmcp about 70 MB, semantic-kernel about 390 MB).
"""

from __future__ import annotations

import json
import subprocess
import venv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support.served_processes import TOKEN, environment, served

from devin_tools import load_catalog
from devin_tools.model_input import for_models

pytestmark = [
    pytest.mark.skipif(find_spec("uvicorn") is None, reason="python3 -m pip install 'devin-tools[server]'"),
]

SPECS = {spec.name: spec for spec in for_models(load_catalog(plugins=()))}
SCRIPTS = Path(__file__).parent / "importers"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served("--simulate", "serve", "--port", "0", DEVIN_SERVE_TOKEN=TOKEN) as (_, url):
        yield url


def seen_by(cache: pytest.Cache, package: str, url: str) -> dict[str, Any]:
    """Run the script of an importer where that package is installed; give what it saw."""
    python = installed(cache.mkdir(f"importer-{package}"), package)
    script = SCRIPTS / f"with_{package.replace('-', '_')}.py"
    variables = environment() | {"PYTHONWARNINGS": "ignore", "PYTHONPATH": ""}
    command = [str(python), str(script), url, TOKEN]
    got = subprocess.run(command, capture_output=True, text=True, timeout=300, env=variables)
    assert got.returncode == 0, got.stdout + got.stderr
    seen: dict[str, Any] = json.loads(got.stdout)
    return seen


def installed(folder: Path, package: str) -> Path:
    """Give the interpreter of an environment that holds a package, making it once."""
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True, timeout=1200)
        (folder / "installed").touch()
    return python


def fillable(name: str) -> set[str]:
    """Name the fields of a tool that a model may fill."""
    return set(SPECS[name].input_schema["properties"]) - SPECS[name].user_only


def test_fastmcp_loads_and_calls_every_tool(pytestconfig, url):
    seen = seen_by(pytestconfig.cache, "fastmcp", url)
    assert set(seen["inputs"]) == set(SPECS)
    assert {name: set(schema["properties"]) for name, schema in seen["inputs"].items()} == {
        name: fillable(name) for name in SPECS
    }
    assert seen["has_output"] == sorted(SPECS)
    assert seen["descriptions"] == {name: spec.description for name, spec in SPECS.items()}
    limit = seen["inputs"]["devin_list_sessions"]["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"], limit["type"]) == (1, 200, "integer")
    assert seen["myself"]["principal_type"] == "service_user"
    assert seen["created"]["creation"] == "created"
    assert seen["waited"]["resume_with"]["name"] == "devin_wait_session"
    for (is_error, text), kind in zip(seen["faults"], ["invalid_arguments", "not_found"], strict=True):
        assert is_error
        assert kind in text
        assert "canary" not in text


def test_semantic_kernel_loads_and_calls_every_tool(pytestconfig, url):
    seen = seen_by(pytestconfig.cache, "semantic-kernel", url)
    functions = {item["name"].removeprefix("devin-"): item for item in seen["functions"]}
    assert {name: set(item["parameters"]["properties"]) for name, item in functions.items()} == {
        name: fillable(name) for name in SPECS
    }
    assert {name: item["description"] for name, item in functions.items()} == {
        name: spec.summary for name, spec in SPECS.items()
    }
    limit = functions["devin_list_sessions"]["parameters"]["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"], limit["type"]) == (1, 200, "integer")
    assert seen["myself"]["principal_type"] == "service_user"
    assert seen["created"]["tags"][:2] == ["a", "b"]
    assert seen["waited"]["resume_with"]["name"] == "devin_wait_session"
    assert seen["faults"] == [True, True]
