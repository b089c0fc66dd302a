"""The Airflow provider, as far as it shows without Airflow: what it is made of, what its page says."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from support.laws import for_every
from support.paths import DOCS, ROOT
from support.tools import built_in

from devin_tools.settings import VARIABLES

PROVIDER = ROOT / "airflow-provider"
HOME = PROVIDER / "src" / "airflow" / "providers" / "devin" / "tools"


@cache
def page() -> str:
    return (DOCS / "airflow.md").read_text(encoding="utf-8")


@cache
def project() -> dict[str, Any]:
    text = (PROVIDER / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


def files() -> list[Path]:
    return sorted(HOME.glob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


every_file = for_every("path", files)


def loaded(name: str) -> ModuleType:
    """Import one of its modules by itself: Airflow need not be there."""
    spec = importlib.util.spec_from_file_location(f"provider_{name}", HOME / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def defined(path: Path) -> set[str]:
    return {node.name for node in tree_of(path).body if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def test_it_is_a_distribution_of_its_own_that_airflow_finds() -> None:
    assert project()["name"] == "apache-airflow-providers-devin-tools"
    assert project()["license"] == "Apache-2.0"
    assert (PROVIDER / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    (target,) = project()["entry-points"]["apache_airflow_provider"].values()
    assert target == "airflow.providers.devin.tools.provider_info:get_provider_info"
    assert loaded("provider_info").get_provider_info()["package-name"] == project()["name"]


def test_what_it_says_of_itself_is_plain_json_and_names_what_is_there() -> None:
    info = loaded("provider_info").get_provider_info()
    paths = re.findall(r'"(airflow\.providers\.devin\.tools\.[\w.]+)"', json.dumps(info))
    assert len(paths) == 6
    for path in paths:
        module, _, name = path.removeprefix("airflow.providers.devin.tools.").partition(".")
        assert not name or name in defined(HOME / f"{module}.py"), path


def test_the_form_of_a_connection_asks_for_settings_that_there_are() -> None:
    (connection,) = loaded("provider_info").get_provider_info()["connection-types"]
    own = {"namespace", "requests_per_minute"}
    assert connection["conn-fields"].keys() - own <= VARIABLES.keys()
    assert "api_key" not in connection["conn-fields"]


@every_file
def test_a_file_of_it_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 35, node.name


@every_file
def test_what_it_takes_from_this_package_is_there(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("devin_tools"):
            module = importlib.import_module(str(node.module))
            assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


def test_the_page_names_the_classes_that_there_are() -> None:
    classes = {
        name for path in files() for name in defined(path) if re.fullmatch(r"Devin\w+(Operator|Sensor)", name)
    }
    assert set(re.findall(r"^\| `(Devin\w+)` \|", page(), re.MULTILINE)) == classes
    for code in re.findall(r"```python\n(.*?)```", page(), re.DOTALL):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("airflow.providers"):
                assert {alias.name for alias in node.names} <= classes


def test_no_task_has_an_output_that_shows_a_secret() -> None:
    why = loaded("kept_outputs").why_not_kept
    refused = {spec.name for spec in built_in() if why(spec)}
    assert refused == {spec.name for spec in built_in() if spec.effect.reveals_secret} != set()
    assert "why_not_kept(spec)" in (HOME / "operators.py").read_text(encoding="utf-8")
