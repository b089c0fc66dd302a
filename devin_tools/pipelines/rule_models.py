"""What a file of rules says: which alerts start a session, with which prompt, within which limits."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from ..api.create_session import SessionOptions
from ..api.shared.fields import OutputSchema
from ..security.references import is_reference
from .frozen_model import FrozenModel
from .matching import Match
from .prompts import BUILT_IN, built_in_template
from .secrets import WhenFound

MAX_OWN_TAGS = 40
"""How many tags a rule may give; the pipeline adds some of its own, and 50 are allowed."""

BUILT_IN_SINKS = ("log",)
"""Sinks that need no settings."""

OnResolved = Literal["message", "archive", "nothing"]

DURATION = re.compile(r"(\d{1,7})\s*(s|m|h|d)?")
SECONDS = {"s": 1, None: 1, "m": 60, "h": 3600, "d": 86400}


def _duration(value: Any) -> Any:
    match = None if isinstance(value, bool) else DURATION.fullmatch(str(value).strip())
    if match is None:
        raise ValueError("must be a length of time such as 90s, 15m, 6h or 2d")
    return int(match[1]) * SECONDS[match[2]]


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    Field(ge=60, le=30 * 86400),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 60, "maximum": 30 * 86400},
                {"type": "string", "pattern": r"^\d{1,7}\s*(s|m|h|d)?$"},
            ]
        }
    ),
]
"""A length of time, from a minute to 30 days: seconds, or `15m`, `6h`, `2d`."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Lower-case letters, digits and . _ - only: it becomes a part of a tag."""


class RuleSession(SessionOptions):
    """The session that a rule starts: all the options of `devin_create_session`, but its prompt and key."""

    structured_output_schema: OutputSchema | None = None
    """JSON Schema (draft 7) its structured output must follow."""

    structured_output_required: bool | None = None
    """Whether it must deliver structured output. Left out: it must."""

    @model_validator(mode="after")
    def _is_for_many(self) -> RuleSession:
        if self.idempotency_key is not None:
            raise ValueError("a rule gives no idempotency_key: it is made from each alert")
        if len(self.tags or []) > MAX_OWN_TAGS:
            raise ValueError(f"a rule may give at most {MAX_OWN_TAGS} tags")
        if any(not is_reference(secret.value.get_secret_value()) for secret in self.session_secrets or []):
            raise ValueError("the value of a secret must be a reference, env:NAME or file:PATH")
        return self


class SinkSettings(FrozenModel, extra="allow"):
    """Where outcomes are sent: a kind of sink, and what that kind needs."""

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    """The kind of sink."""

    @property
    def of_kind(self) -> dict[str, Any]:
        """What the kind of sink needs: all but the kind, as it was given."""
        return dict(self.model_extra or {})


class Rule(FrozenModel):
    """What to do about some alerts."""

    name: Name
    """What to call it; sessions bear it in a tag."""

    match: Match = Match()
    """Which alerts it is for. Left out: all that no earlier rule took."""

    start: bool = True
    """Whether to start a session. False: such alerts are let pass."""

    template: str | None = None
    """The template of the prompt. Left out: `issue` for issues, else `alert`."""

    session: RuleSession = RuleSession()
    """The session it starts: tags, repos, playbook_id, max_acu_limit and so on."""

    repo_from_alert: bool = False
    """Whether to work in the repository too that the alert is about: events of GitHub name one."""

    tell: list[str] = []
    """The sinks that get what became of the session, by their names."""

    on_resolved: OnResolved = "nothing"
    """What to do with the session when the alert is resolved."""

    window: Duration = 3600
    """For how long the same alert, when it repeats, belongs to the session it started."""

    retry_for: Duration = 3600
    """For how long an alert is tried again that the API does not take. What is lost then is reported."""

    storm_limit: Annotated[int, Field(ge=1, le=1_000)] = 10
    """The most sessions it starts in a window; what is more is reported and starts nothing."""

    secrets: WhenFound = "redact"
    """What to do about lines that look like secrets: take them out and say so, or refuse the alert."""


class Rules(FrozenModel):
    """A file of rules. The first that matches an alert is the one that counts."""

    version: Literal[1]
    """The version of this format."""

    templates: dict[Name, str] = {}
    """Templates of your own, by name. One named as a built-in one takes its place."""

    sinks: dict[Name, SinkSettings] = {}
    """Where outcomes can be sent, by name."""

    rules: Annotated[list[Rule], Field(min_length=1, max_length=500)]
    """The rules, in the order in which they are asked."""

    @field_validator("templates")
    @classmethod
    def _not_empty(cls, given: dict[str, str]) -> dict[str, str]:
        for name, text in given.items():
            if not text.strip():
                raise ValueError(f"the template {name} is empty")
        return given

    @property
    def all_sinks(self) -> dict[str, SinkSettings]:
        """The sinks that rules can name: those of the file, and the built-in ones."""
        return {name: SinkSettings(kind=name) for name in BUILT_IN_SINKS} | self.sinks

    @property
    def all_templates(self) -> set[str]:
        """The names of the templates that rules can name: those of the file, and the built-in ones."""
        return {*BUILT_IN, *self.templates}

    def template(self, name: str) -> str:
        """Return the text of a template."""
        return self.templates.get(name) or built_in_template(name)
