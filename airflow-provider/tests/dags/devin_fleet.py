"""What the crash test runs: a mapped task, a session for each of many prompts."""

from __future__ import annotations

from datetime import timedelta

from airflow.providers.devin.tools.operators import DevinRunTaskOperator
from airflow.sdk import dag, task

AGAIN = {"retries": 5, "retry_delay": timedelta(seconds=2)}


@dag(schedule=None, catchup=False, params={"count": 3}, default_args=AGAIN, max_active_tasks=64)
def devin_fleet():
    @task
    def plan(params=None) -> list[str]:
        return [f"Fix part {number}." for number in range(int(params["count"]))]

    @task
    def gather(outputs) -> list[int]:
        outputs = list(outputs)
        return [
            len({output["session_id"] for output in outputs}),
            sum(bool(o["pull_requests"]) for o in outputs),
        ]

    run = DevinRunTaskOperator.partial(task_id="run", max_acu_limit=5).expand(prompt=plan())
    gather(run.output)


fleet = devin_fleet()
