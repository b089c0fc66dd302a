"""Tasks of one kind: what those that run a task with a fixed prompt and output are made of."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel

from ...api.create_session import SessionOptions
from ...api.shared.fields import MAX_TAGS
from ...codec import id_of
from ...flow import Flow, Setting
from ...tool import WRITE, Spending, Tool, arguments_of, output_of, perform
from ..run_task import RunTask, TaskOutput
from ..wait_session import Resumption, WaitOptions
from .structured_output import typed_fields

OutT = TypeVar("OutT", bound=TaskOutput)

OWN_TAGS = 2
"""How many tags a task of this kind needs beside its user's: its kind, and the key of its session."""


class TypedTask(SessionOptions, WaitOptions, Tool[OutT], Generic[OutT]):
    """A task with a prompt of its own, whose structured output is a model."""

    effect = WRITE.billable(Spending(starts="parts", limit="max_acu_limit"))
    resource = "sessions"
    permission = "UseDevinSessions"

    def run(self, prompt: str, model: type[BaseModel], field: str) -> Flow[OutT]:
        """Run the task; a field of the output holds the structured output as an instance of the model."""
        shared = arguments_of(self, SessionOptions) | arguments_of(self, WaitOptions)
        tags: list[str] = shared.get("tags") or []
        if len(tags) <= MAX_TAGS - OWN_TAGS and (yield Setting("tag_creates")):
            shared["tags"] = [*tags, id_of(type(self)).replace("_", "-")]
        schema = model.model_json_schema()
        task = RunTask(**shared | {"prompt": prompt, "structured_output_schema": schema})
        values = typed_fields((yield from perform(task)), model, field)
        values["resume_with"] = self._own(values["resume_with"])
        output: OutT = output_of(type(self))(**values)  # type: ignore[assignment]
        return output

    def _own(self, rest: Resumption | None) -> Resumption | None:
        """Let the call that goes on be one of the same tool, so that its output is of the same type."""
        if rest is None or rest.name != id_of(RunTask):
            return rest
        arguments = self.model_dump(mode="json", exclude_unset=True, exclude={"session_secrets"})
        kept = {name: rest.arguments[name] for name in ("idempotency_key", "timeout_seconds")}
        return Resumption(name=id_of(type(self)), arguments=arguments | kept)
