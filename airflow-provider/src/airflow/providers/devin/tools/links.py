"""The button on a task that opens its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .airflow_names import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk.types import TaskInstanceKey

__all__ = ["DevinSessionLink"]

KEY = "devin_session_url"


class DevinSessionLink(BaseOperatorLink):
    """Leads to the session in Devin's web app, from the moment that there is one."""

    name = "Devin session"

    def get_link(self, operator: Any, *, ti_key: TaskInstanceKey) -> str:
        """Return the session's URL, or an empty text while there is none."""
        from airflow.sdk.execution_time.xcom import XCom

        return XCom.get_value(ti_key=ti_key, key=KEY) or ""

    def show(self, context: Any, url: str | None) -> None:
        """Let the button lead to a session, while its task goes on too."""
        safe = url if url and url.startswith("https://") else ""
        context["ti"].xcom_push(key=KEY, value=safe)
        if safe:
            context["ti"].xcom_push(key=self.xcom_key, value=safe)
