"""A sensor: the DAG goes on when a session has come to an outcome."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from devin_tools.errors import DevinToolsError

from .airflow_names import AirflowException, AirflowFailException, AirflowSensorTimeout, BaseSensorOperator
from .failures import check, failure
from .hook import DevinHook
from .links import DevinSessionLink
from .triggers import DevinTrigger

__all__ = ["DevinSessionSensor"]


class DevinSessionSensor(BaseSensorOperator):
    """Waits for a session to come to one of some outcomes, such as `finished` or `waiting_for_user`.

    It waits on through other ends that a person can change (a question, a quota), and fails at once on those
    that nobody can (`failed`, `ended`). `mode` and `poke_interval` count only where `deferrable` is False.
    """

    template_fields: Sequence[str] = ("session_id",)
    operator_extra_links = (DevinSessionLink(),)
    ui_color = "#e8eefc"

    def __init__(
        self,
        *,
        session_id: str,
        outcomes: Collection[str] = ("finished",),
        devin_conn_id: str = DevinHook.default_conn_name,
        deferrable: bool = True,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.session_id = session_id
        self.outcomes = sorted(outcomes)
        self.devin_conn_id = devin_conn_id
        self.deferrable = deferrable

    def poke(self, context: Any) -> bool:
        """Look once."""
        from devin_tools import GetSession, describe
        from devin_tools.tasks.shared.outcomes import OUTCOMES, judge

        if unknown := sorted(set(self.outcomes) - set(OUTCOMES)):
            known = ", ".join(OUTCOMES)
            raise AirflowFailException(f"There is no outcome {', '.join(unknown)}; there are {known}.")
        call = GetSession(session_id=self.session_id)
        try:
            with DevinHook(self.devin_conn_id).get_conn() as client:
                session = client.run(call)
        except DevinToolsError as error:
            raise failure(error, describe(GetSession)) from error
        DevinSessionLink().show(context, session.url)
        verdict = judge(session)
        if verdict is not None and verdict.is_final:
            check(verdict.outcome, verdict.advice, self.outcomes, f"The session {self.session_id}")
        return verdict is not None and verdict.outcome in self.outcomes

    def execute(self, context: Any) -> Any:
        """Look once, and defer when it is too early."""
        if not self.deferrable:
            return super().execute(context)
        if not self.poke(context):
            self._defer(time.time() + self.timeout)
        return None

    def resume(self, context: Any, event: Mapping[str, Any]) -> None:
        """Look again: the session has settled, or time is up."""
        if error := event.get("error"):
            raise AirflowException(f"Waiting failed. {error['message']}")
        if self.poke(context):
            return
        if time.time() >= event["until"]:
            wanted = " or ".join(self.outcomes)
            raise AirflowSensorTimeout(f"The session {self.session_id} has not become {wanted} in time.")
        self._defer(event["until"])

    def _defer(self, until: float) -> None:
        from devin_tools import GetSession

        session_id = GetSession(session_id=self.session_id).session_id
        trigger = DevinTrigger([session_id], until, self.devin_conn_id, outcomes=self.outcomes)
        self.defer(trigger=trigger, method_name="resume")
