"""The name of a task's work: the same however often the task is tried, another for every run."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["key_of"]


def key_of(task_instance: Any, namespace: str = "") -> str:
    """Make the idempotency key of a task instance.

    The number of the try is not a part of it: a second try must adopt what the first one started.
    """
    identity = [
        namespace,
        task_instance.dag_id,
        task_instance.run_id,
        task_instance.task_id,
        task_instance.map_index,
    ]
    return f"airflow:{json.dumps(identity, separators=(',', ':'))}"
