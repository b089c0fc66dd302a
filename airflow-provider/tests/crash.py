"""The crash test: a whole Airflow whose scheduler and triggerer are killed. A slower job, of minutes.

    python crash.py [create|wait]

Twelve sessions in one mapped task, two worker slots. Everything that runs tasks is killed when half of
the sessions were started (`create`), or when all are at work and deferred (`wait`), and started again.
Then there must be twelve sessions, twelve results, and none twice, as the simulator counts them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx

from devin_tools import Simulator

MANY, SLOTS = 12, 2
HERE = Path(__file__).resolve().parent
WORKERS = ("scheduler", "triggerer")
LIMIT = 1800.0
"""Seconds until it has failed."""

TUNED = {  # so that what was lost is taken up in seconds: the defaults are minutes
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "30",
}


class Deployment:
    """The processes of an Airflow, each in a group of its own, that can be killed at once."""

    def __init__(self, home: Path, simulator: Simulator, url: str):
        self.home = home
        fields = {"conn_type": "devin", "password": "cog_crash", "host": url}
        connection = fields | {"extra": {"org_id": simulator.world.org_id}}
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "DEVIN_"))
        }
        self.env = kept | TUNED | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW_CONN_DEVIN_DEFAULT": json.dumps(connection),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
            "AIRFLOW__CORE__PARALLELISM": str(SLOTS),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "http://127.0.0.1:8380/execution/",
            "AIRFLOW__API__PORT": "8380",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__BASE_URL": "http://127.0.0.1:8380",
            "AIRFLOW__API_AUTH__JWT_SECRET": "0123456789abcdef" * 4,
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.log = (home / "log.txt").open("ab")

    def start(self, *names: str) -> None:
        """Start some of `airflow ...`."""
        for name in names:
            self.running[name] = subprocess.Popen(
                ["airflow", name], env=self.env, stdout=self.log, stderr=self.log, start_new_session=True
            )

    def kill(self, *names: str) -> None:
        """Kill them, with the tasks they run."""
        for name in names:
            process = self.running.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def once(self, *arguments: str) -> None:
        """Run one `airflow ...` to its end."""
        subprocess.run(["airflow", *arguments], env=self.env, stdout=self.log, stderr=self.log, check=True)


def connected(deadline: float) -> httpx.Client:
    """Wait for the API server, and sign in."""
    client = httpx.Client(base_url="http://127.0.0.1:8380", timeout=60, trust_env=False)
    while time.monotonic() < deadline:
        try:
            token = client.get("/auth/token").json()["access_token"]
        except (httpx.HTTPError, KeyError, ValueError):
            time.sleep(0.5)
            continue
        client.headers["Authorization"] = f"Bearer {token}"
        return client
    raise SystemExit("the API server does not answer")


def begun(api: httpx.Client, deadline: float) -> str:
    """Wait until the DAG is known, and start a run of it; give the path of the run."""
    while api.patch("/api/v2/dags/devin_fleet", json={"is_paused": False}).status_code != 200:
        if time.monotonic() > deadline:
            raise SystemExit("the DAG is not found")
        time.sleep(0.5)
    body = {"dag_run_id": "crash", "logical_date": None, "conf": {"count": MANY}}
    api.post("/api/v2/dags/devin_fleet/dagRuns", json=body).raise_for_status()
    return "/api/v2/dags/devin_fleet/dagRuns/crash"


def states(api: httpx.Client, run: str) -> Counter[str]:
    """Count the states of the mapped task."""
    found = api.get(f"{run}/taskInstances", params={"limit": 100, "task_id": "run"}).json()["task_instances"]
    return Counter(
        str(task["state"]) for task in found if task["task_id"] == "run" and task["map_index"] >= 0
    )


def is_time(moment: str, api: httpx.Client, run: str, simulator: Simulator) -> bool:
    """Return whether to kill now."""
    if moment == "create":
        return len(simulator.world.sessions) >= MANY // 2
    return states(api, run)["deferred"] >= MANY  # on two slots: none of them is held


def crash(moment: str, home: Path) -> int:
    """Do it, and say how it went."""
    simulator = Simulator(seed=1, speed=0.01 if moment == "wait" else 2.0)
    with simulator.serve() as server:
        deployment, deadline = Deployment(home, simulator, server.url), time.monotonic() + LIMIT
        deployment.once("db", "migrate")
        try:
            deployment.start("api-server", "dag-processor", *WORKERS)
            api = connected(deadline)
            run, began, killed = begun(api, deadline), time.monotonic(), ""
            while (state := api.get(run).json()["state"]) not in ("success", "failed"):
                if time.monotonic() > deadline:
                    break
                if not killed and is_time(moment, api, run, simulator):
                    killed = f"{len(simulator.world.sessions)} sessions, {dict(states(api, run))}"
                    deployment.kill(*WORKERS)
                    time.sleep(2)
                    deployment.start(*WORKERS)
                    simulator.clock.step(120 if moment == "wait" else 0)  # none ends before all wait
                    print(f"killed in {moment} at: {killed}", flush=True)
                time.sleep(0.2)
            took = time.monotonic() - began
            gathered = api.get(f"{run}/taskInstances/gather/xcomEntries/return_value").json().get("value")
        finally:
            deployment.kill(*list(deployment.running))
    prompts = Counter(record.prompt for record in simulator.world.sessions.values())
    twice = sum(count - 1 for count in prompts.values())
    print(f"run: {state} after {took:.0f} s; sessions: {prompts.total()}, started twice: {twice}")
    print(f"gathered: {gathered}", flush=True)
    is_good = (
        killed and state == "success" and len(prompts) == MANY and not twice and gathered == [MANY, MANY]
    )
    return 0 if is_good else 1


def main() -> int:
    """Crash at the moments asked for; give 1 when one was not survived."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # whoever ends this must not leave an Airflow behind
    worst = 0
    for moment in sys.argv[1:] or ["create", "wait"]:
        with tempfile.TemporaryDirectory(prefix="devin-airflow-crash-", ignore_cleanup_errors=True) as home:
            worst = max(worst, crash(moment, Path(home)))
            if worst:
                print((Path(home) / "log.txt").read_text(errors="replace")[-6000:])
    return worst


if __name__ == "__main__":
    sys.exit(main())
