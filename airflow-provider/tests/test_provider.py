"""Airflow finds the provider, and everything that the provider says of itself is there."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import airflow
import jsonschema
from airflow.providers.devin.tools import __version__
from airflow.providers.devin.tools.provider_info import get_provider_info
from airflow.providers_manager import ProvidersManager

NAME = "apache-airflow-providers-devin-tools"


def test_airflow_lists_it(database):
    command = ["airflow", "providers", "list", "-o", "json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    rows = {row["package_name"]: row for row in json.loads(done.stdout[done.stdout.index("[{") :])}
    assert rows[NAME]["version"] == __version__


def test_it_fits_the_schema_of_airflow():
    schema = Path(airflow.__file__).parent / "provider_info.schema.json"
    jsonschema.validate(get_provider_info(), json.loads(schema.read_text()))


def test_everything_it_names_is_there():
    info = get_provider_info()
    for kind in ("operators", "sensors", "hooks", "triggers"):
        for entry in info[kind]:
            for module in entry["python-modules"]:
                import_module(module)
    classes = [*info["extra-links"], *(item["hook-class-name"] for item in info["connection-types"])]
    for path in classes:
        module, _, name = path.rpartition(".")
        assert hasattr(import_module(module), name)


def test_the_form_of_a_connection_asks_for_the_key_and_hides_what_is_not_used():
    manager = ProvidersManager()
    assert manager.hooks["devin"].hook_name == "Devin"
    fields = {name.rpartition("__")[2] for name in manager.connection_form_widgets if "devin" in name}
    has_fields = not airflow.__version__.startswith("3.1.")  # there, extras are written as JSON
    assert ({"org_id", "namespace"} <= fields) is has_fields
    if not has_fields:
        return
    assert manager.field_behaviours["devin"]["relabeling"]["password"] == "API key"
    assert "airflow.providers.devin.tools.links.DevinSessionLink" in manager.extra_links_class_names


def test_reading_a_dag_file_loads_no_tool():
    """The file is read again every half minute, in a process of its own."""
    code = "import sys, devin_fleet; print(sorted(n for n in sys.modules if n.startswith('devin_tools.')))"
    folder = Path(__file__).parent / "dags"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    assert done.stdout.splitlines()[-1] == "['devin_tools.errors', 'devin_tools.moved']"
