"""An Airflow of the tests' own, and the simulator as a connection of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="devin-airflow-"))
HERE = Path(__file__).resolve().parent
KEY = "cog_CANARY_a1rf10w"
SECRET = "npm_CANARY_s3cr3t"

for _name in [name for name in os.environ if name.startswith(("AIRFLOW", "DEVIN_"))]:
    del os.environ[_name]
os.environ |= {  # before anything of Airflow is imported: it reads them once
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}

from devin_tools import Simulator  # noqa: E402


@pytest.fixture(scope="session")
def database() -> Path:
    """Make Airflow's tables once."""
    subprocess.run(["airflow", "db", "migrate"], check=True, capture_output=True)
    return HOME / "airflow.db"


@pytest.fixture
def simulator(request) -> Simulator:
    """Make a simulator whose clock runs thirty times as fast, or as a test says."""
    return Simulator(seed=1, speed=getattr(request, "param", 30))


@pytest.fixture
def eager(monkeypatch):
    """Let pollers look five times a second, where the test is not about how often they do."""
    from airflow.providers.devin.tools import poller
    from airflow.providers.devin.tools.pace import Pace

    monkeypatch.setattr(poller, "REST", 0.2)
    monkeypatch.setattr(Pace, "interval", lambda self, requests: 0.2)


@pytest.fixture
def connection(simulator, monkeypatch):
    """Return the fields of a good connection, which is there under the default name."""
    with simulator.serve() as server:
        fields = {
            "conn_type": "devin",
            "password": KEY,
            "host": server.url,
            "extra": {"org_id": simulator.world.org_id, "namespace": "tests"},
        }
        monkeypatch.setenv("AIRFLOW_CONN_DEVIN_DEFAULT", json.dumps(fields))
        monkeypatch.setenv("AIRFLOW_CONN_NPM", json.dumps({"conn_type": "generic", "password": SECRET}))
        yield fields
