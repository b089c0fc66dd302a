"""A whole DAG in a real Airflow database, and what it leaves there."""

from __future__ import annotations

import sqlite3

from airflow.models import Pool
from airflow.models.xcom import XComModel
from conftest import HOME, KEY, SECRET
from sqlalchemy import select


def xcoms(session, dag_id: str) -> dict[tuple[str, str], str]:
    rows = session.scalars(select(XComModel).where(XComModel.dag_id == dag_id))
    return {(row.task_id, row.key): row.value for row in rows}


def everything_stored(database) -> bytes:
    """Return every byte that Airflow wrote: its database, its logs."""
    with sqlite3.connect(database) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for path in HOME.rglob("*") if path.is_file())


def test_a_pipeline_is_green_and_leaves_no_secret(database, connection, simulator, capfd, monkeypatch, eager):
    from airflow.utils.session import create_session
    from devin_pipeline import pipeline

    bodies, handle = [], simulator.handle

    def recorded(asked, *more):
        bodies.append(asked.body)
        return handle(asked, *more)

    monkeypatch.setattr(simulator, "handle", recorded)

    run = pipeline.test()
    assert str(run.state) == "success"
    (record,) = simulator.world.sessions.values()
    assert record.prompt == "Fix the cart. #simulate:asks"
    assert record.title.startswith("Asked in manual__")
    assert [body["session_secrets"] for body in bodies if body and "session_secrets" in body] == [
        [{"key": "NPM_TOKEN", "value": SECRET}]
    ]
    with create_session() as session:
        left = xcoms(session, "devin_pipeline")
    assert "finished" in str(left["gather", "return_value"])
    assert "test-report.txt" in str(left["gather", "return_value"])
    assert "https://" in str(left["ask", "_link_DevinSessionLink"])
    stored, out = everything_stored(database), capfd.readouterr()
    assert b"Fix the cart" in stored  # what is looked through is where things are
    for secret in (KEY, SECRET):
        assert secret.encode() not in stored
        assert secret not in out.out + out.err


def test_a_deferred_task_holds_no_slot(database, connection, simulator):
    from airflow.sdk.definitions import dag as sdk
    from airflow.utils.session import create_session
    from devin_pipeline import pipeline

    states, run_task = [], sdk._run_task

    def only_in_the_worker(*, ti, task, run_triggerer):
        """Run a task as far as a worker does, and look at the pool."""
        run_task(ti=ti, task=task, run_triggerer=False)
        with create_session() as session:
            ti.refresh_from_db(session=session)
            pool = session.scalar(select(Pool).where(Pool.pool == "default_pool"))
            states.append((str(ti.state), pool.occupied_slots(session=session)))
        raise KeyboardInterrupt  # nothing would ever wake it: there is no triggerer

    sdk._run_task = only_in_the_worker
    try:
        pipeline.test()
    except KeyboardInterrupt:
        pass
    finally:
        sdk._run_task = run_task
    assert states == [("deferred", 0)]
    assert len(simulator.world.sessions) == 1
