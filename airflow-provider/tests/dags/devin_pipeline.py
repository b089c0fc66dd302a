"""What the tests run: a question is answered, then the work is waited for, read and gathered."""

from __future__ import annotations

from airflow.providers.devin.tools.operators import (
    DevinRunTaskOperator,
    DevinSendMessageOperator,
    DevinToolOperator,
    DevinWaitSessionOperator,
)
from airflow.providers.devin.tools.sensors import DevinSessionSensor
from airflow.sdk import dag, task


@dag(schedule=None, catchup=False, params={"what": "the cart"})
def devin_pipeline():
    ask = DevinRunTaskOperator(
        task_id="ask",
        prompt="Fix {{ params.what }}. #simulate:asks",
        title="Asked in {{ run_id }}",
        max_acu_limit=5,
        outcomes={"waiting_for_user"},
        session_secrets={"NPM_TOKEN": "npm"},
    )
    session_id = "{{ ti.xcom_pull('ask')['session_id'] }}"
    answer = DevinSendMessageOperator(task_id="answer", session_id=session_id, message="Use staging.")
    finished = DevinSessionSensor(task_id="finished", session_id=session_id, timeout=300)
    wait = DevinWaitSessionOperator(task_id="wait", session_id=session_id)
    files = DevinToolOperator(
        task_id="files", tool="devin_list_session_attachments", arguments={"session_id": session_id}
    )

    @task
    def gather(waited, files):
        return [waited["outcome"], [item["name"] for item in files["attachments"]]]

    ask >> answer >> finished >> wait >> files
    gather(wait.output, files.output)


pipeline = devin_pipeline()
