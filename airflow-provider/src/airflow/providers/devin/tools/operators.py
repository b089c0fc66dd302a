"""Operators: run a tool of `devin-tools`, and let go of the worker slot while a session is at work.

An operator calls the tool for a moment. When the output says that there is more to wait for, the task defers,
and calls again from the start when its sessions have settled: every tool adopts what it did before.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from devin_tools.errors import DevinToolsError

from .airflow_names import AirflowException, AirflowFailException, BaseOperator
from .failures import check, failure
from .hook import DevinHook
from .kept_outputs import why_not_kept
from .keys import key_of
from .links import DevinSessionLink
from .sessions_at_work import at_work, has_room, url_of
from .triggers import DevinTrigger

if TYPE_CHECKING:  # a DAG file is read again and again: what it does not need is imported when it runs
    from devin_tools import Client, Output, Spec, Tool
    from devin_tools.api import SessionSecret

__all__ = [
    "DevinRunTaskOperator",
    "DevinSendMessageOperator",
    "DevinToolOperator",
    "DevinWaitSessionOperator",
]

GLANCE = 0.1
"""Seconds for which a call may wait in the worker."""

STARTING = 20.0
"""The same for one that starts many sessions, each of which takes a moment."""

BETWEEN = 5.0
"""Seconds before such a call goes on starting: what it made must have come to be listed."""


class DevinToolOperator(BaseOperator):
    """Runs any tool, by its name; its output, as JSON, is the task's.

    `arguments` are the tool's. One that starts sessions gets an `idempotency_key` made of the DAG, the run,
    the task and its map index, unless `idempotency_key` gives another. `session_secrets` names, for each
    secret of the session, the connection whose password is its value. `outcomes` are the ends that count as
    success; None: any. `confirm` is the consent that the connection's rules may ask for. With `ends_session`,
    who marks a deferred task as failed, or clears it, ends its sessions too, where Airflow tells triggers.
    """

    template_fields: Sequence[str] = ("arguments", "idempotency_key")
    template_fields_renderers: ClassVar[dict[str, str]] = {"arguments": "json"}
    operator_extra_links = (DevinSessionLink(),)
    ui_color = "#e8eefc"

    def __init__(
        self,
        *,
        tool: str,
        arguments: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        session_secrets: Mapping[str, str] | None = None,
        outcomes: Collection[str] | None = None,
        devin_conn_id: str = DevinHook.default_conn_name,
        confirm: bool = False,
        ends_session: bool = False,
        deferrable: bool = True,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.tool = tool
        self.arguments = dict(arguments or {})
        self.idempotency_key = idempotency_key
        self.session_secrets = dict(session_secrets or {})
        self.outcomes = outcomes
        self.devin_conn_id = devin_conn_id
        self.confirm = confirm
        self.ends_session = ends_session
        self.deferrable = deferrable

    def execute(self, context: Any) -> Any:
        """Call the tool; defer when it has more to wait for."""
        return self._proceed(context, None)

    def resume(self, context: Any, event: Mapping[str, Any]) -> Any:
        """Call the tool again: its sessions have settled, or time is up."""
        if error := event.get("error"):
            raise AirflowException(f"Waiting failed. {error['message']} {error['hint'] or ''}".strip())
        return self._proceed(context, event["until"])

    def _proceed(self, context: Any, until: float | None) -> Any:
        from devin_tools import load_catalog

        spec = load_catalog().spec(self.tool)
        if reason := why_not_kept(spec):
            raise AirflowFailException(reason)
        try:
            call = self._call(spec, context, until)
            until = until or time.time() + getattr(call, "timeout_seconds", 0.0)
            with self._hook().get_conn() as client:
                output = self._run(client, call, context)
                while self.deferrable and has_room(output, call) and time.time() < until:
                    time.sleep(BETWEEN)
                    output = self._run(client, call, context)
        except DevinToolsError as error:
            raise failure(error, spec) from error
        DevinSessionLink().show(context, url_of(output))
        if self.deferrable and time.time() < until and (sessions := at_work(output, call)):
            ids, needs = sessions
            trigger = DevinTrigger(ids, until, self.devin_conn_id, needs, ends_session=self.ends_session)
            self.defer(trigger=trigger, method_name="resume")
        self._check(output)
        return output.model_dump(mode="json")

    def _check(self, output: Output) -> None:
        outcome = getattr(output, "outcome", None)
        if outcome is not None:
            check(outcome, getattr(output, "advice", ""), self.outcomes, f"The session of {self.task_id}")

    def _run(self, client: Client, call: Tool[Any], context: Any) -> Output:
        output: Output = client.run(call, confirm=self.confirm)
        return output

    def _hook(self) -> DevinHook:
        return DevinHook(self.devin_conn_id)

    def _call(self, spec: Spec, context: Any, until: float | None) -> Tool[Any]:
        """Make the call: in full where the task does not defer, else for a moment."""
        from devin_tools import load_catalog

        known = spec.input_schema["properties"]
        arguments = self._arguments()
        if hidden := sorted(_secret_fields(spec) & arguments.keys()):
            raise AirflowFailException(
                f"{', '.join(hidden)} would be shown with the task: name connections in session_secrets."
            )
        if "idempotency_key" in known:
            key = self.idempotency_key or key_of(context["ti"], self._hook().namespace())
            arguments["idempotency_key"] = key
        if self.session_secrets:
            arguments["session_secrets"] = [self._secret(*item) for item in self.session_secrets.items()]
        if self.deferrable and "max_seconds" in known:
            arguments["max_seconds"] = STARTING if "max_parallel" in known else GLANCE
        if until is not None:
            if "settle_seconds" in known:  # the trigger has seen that they stay settled
                arguments["settle_seconds"] = 0.0
            arguments["timeout_seconds"] = max(1.0, until - time.time())
        return load_catalog().call(self.tool, arguments)

    def _arguments(self) -> dict[str, Any]:
        return dict(self.arguments)

    def _secret(self, name: str, conn_id: str) -> SessionSecret:
        from pydantic import SecretStr

        from devin_tools.api import SessionSecret

        password = self._hook().get_connection(conn_id).password
        if not password:
            raise AirflowFailException(f"The connection {conn_id!r} has no password to give as {name}.")
        return SessionSecret(key=name, value=SecretStr(password))


def _secret_fields(spec: Spec) -> set[str]:
    from devin_tools.export.builders.fields import fields_of

    return {field.name for field in fields_of(spec) if field.is_secret}


class DevinRunTaskOperator(DevinToolOperator):
    """Starts a session on a task, waits until it settles, and gives what it made.

    A second try, after whatever ended the first, goes on with the same session. `options` are further
    arguments of `devin_run_task`.
    """

    template_fields: Sequence[str] = (
        "prompt", "title", "tags", "repos", "playbook_id", "structured_output_schema", "options",
        "idempotency_key",
    )  # fmt: skip
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "structured_output_schema": "json",
        "options": "json",
    }

    def __init__(
        self,
        *,
        prompt: str,
        title: str | None = None,
        tags: Sequence[str] | str | None = None,
        repos: Sequence[str] | None = None,
        playbook_id: str | None = None,
        max_acu_limit: int | None = None,
        structured_output_schema: Mapping[str, Any] | None = None,
        timeout_seconds: float = 24 * 3600.0,
        options: Mapping[str, Any] | None = None,
        outcomes: Collection[str] | None = ("finished",),
        **kwargs: Any,
    ):
        super().__init__(tool="devin_run_task", outcomes=outcomes, **kwargs)
        self.prompt = prompt
        self.title = title
        self.tags = tags
        self.repos = repos
        self.playbook_id = playbook_id
        self.max_acu_limit = max_acu_limit
        self.structured_output_schema = structured_output_schema
        self.timeout_seconds = timeout_seconds
        self.options = dict(options or {})

    def _arguments(self) -> dict[str, Any]:
        names = (
            "prompt", "title", "tags", "repos", "playbook_id", "max_acu_limit", "structured_output_schema",
            "timeout_seconds",
        )  # fmt: skip
        given = {name: getattr(self, name) for name in names}
        return self.options | {name: value for name, value in given.items() if value is not None}


class DevinWaitSessionOperator(DevinToolOperator):
    """Waits until a session settles, and gives how."""

    template_fields: Sequence[str] = ("session_id",)

    def __init__(
        self,
        *,
        session_id: str,
        timeout_seconds: float = 24 * 3600.0,
        outcomes: Collection[str] | None = ("finished",),
        **kwargs: Any,
    ):
        super().__init__(tool="devin_wait_session", outcomes=outcomes, **kwargs)
        self.session_id = session_id
        self.timeout_seconds = timeout_seconds

    def _arguments(self) -> dict[str, Any]:
        return {"session_id": self.session_id, "timeout_seconds": self.timeout_seconds}


class DevinSendMessageOperator(DevinToolOperator):
    """Sends a message to a session, which wakes one that sleeps.

    A second try looks first whether the message was sent since the run began, and sends it only if not.
    """

    template_fields: Sequence[str] = ("session_id", "message")

    def __init__(self, *, session_id: str, message: str, **kwargs: Any):
        super().__init__(tool="devin_send_message", **kwargs)
        self.session_id = session_id
        self.message = message

    def _arguments(self) -> dict[str, Any]:
        return {"session_id": self.session_id, "message": self.message}

    def _run(self, client: Client, call: Tool[Any], context: Any) -> Output:
        from devin_tools import SendMessage

        began = context["dag_run"].start_date
        if context["ti"].try_number > 1 and began is not None and isinstance(call, SendMessage):
            found = client.drive(call.sent_within(client.now() - began.timestamp()))
            if found is not None:
                return found
        return super()._run(client, call, context)
