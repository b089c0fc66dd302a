"""Tasks of one kind. Not tools: what those that run a task with a fixed prompt and output are made of."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from ...api.create_session import SessionOptions
from ...api.shared.fields import MAX_TAGS
from ...codec import id_of
from ...flow import Flow, Setting
from ...tool import Tool, perform
from ..run_task import RunTask
from ..wait_session import Resumption, WaitOptions
from .structured_output import typed_fields

OWN_TAGS = 2
"""How many tags a task of this kind needs beside its user's: its kind, and the key of its session."""


def run_typed(call: Tool[Any], prompt: str, model: type[BaseModel], field: str) -> Flow[dict[str, Any]]:
    """Run a task whose output is a model, and give the fields of the output of `call`."""
    known = SessionOptions.model_fields.keys() | WaitOptions.model_fields.keys()
    shared = {name: getattr(call, name) for name in call.model_fields_set & known}
    tags: list[str] = shared.get("tags") or []
    if len(tags) <= MAX_TAGS - OWN_TAGS and (yield Setting("tag_creates")):
        shared["tags"] = [*tags, id_of(type(call)).replace("_", "-")]
    schema = model.model_json_schema()
    task = RunTask(**shared | {"prompt": prompt, "structured_output_schema": schema})
    values = typed_fields((yield from perform(task)), model, field)
    values["resume_with"] = _own(call, values["resume_with"])
    return values


def _own(call: Tool[Any], rest: Resumption | None) -> Resumption | None:
    """Let the call that goes on be one of the same tool, so that its output is of the same type."""
    if rest is None or rest.name != id_of(RunTask):
        return rest
    arguments = call.model_dump(mode="json", exclude_unset=True, exclude={"session_secrets"})
    kept = {name: rest.arguments[name] for name in ("idempotency_key", "timeout_seconds")}
    return Resumption(name=id_of(type(call)), arguments=arguments | kept)
