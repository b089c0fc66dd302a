"""What a tool does to the world and to the bill, and the marks on its fields: facts for every interface."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

__all__ = [
    "BY_VERB", "DESTROY", "DOCUMENTED", "READ", "USER_ONLY", "WRITE", "Documented", "Effect", "Example",
    "Spending", "Visibility",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spending:
    """How a call spends ACUs: the facts that ceilings, previews and offers to models go by."""

    starts: Literal["one", "standing", "parts", "nothing"]
    """`one`: a session, or other work that is paid for. `standing`: what starts sessions by itself from then
    on. `parts`: nothing but by the calls that it performs, each of which meets the limits by itself.
    `nothing`: it makes a session go on, within the limit that it was started with."""
    limit: str | None = None
    """The field with the most ACUs that each session may spend; dots lead into a nested one. `None`: the
    API takes no limit. With `parts` it is shown, and enforced where they start something."""
    total: str | None = None
    """The field with the most ACUs that all sessions of a call together may spend, where it has one."""
    cron: str | None = None
    """Of what is standing: the field with the cron expression by which it starts sessions."""
    once: tuple[str, str] | None = None
    """Of what is standing: a field, and the value with which it starts one session and no more, unless the
    call has a cron expression too: which of both counts, only the API knows."""
    stops: str | None = None
    """Of what is standing: the field that is false in a call after which it starts none."""

    key: str | None = None
    """Of `one`: the field with an idempotency key. A call with the key of another one adopts what that
    started, and when it fails it has looked for it: only `Ambiguous` leaves open whether there is any."""

    def __str__(self) -> str:
        """Return it for a person, after `spends ACUs`."""
        if self.starts == "nothing":
            return "within the limit of its session"
        bound = f"up to {self.limit}{'' if self.starts == 'one' else ' a session'}" if self.limit else ""
        if self.total:
            bound = f"up to {self.total} in all"
        if self.starts == "standing":
            return f"again and again by itself, {bound or 'without a limit'}"
        return bound if bound or self.starts == "parts" else "without a limit"

    def repeats(self, call: BaseModel) -> bool:
        """Whether sessions start by themselves, again and again, after this call."""
        return self.starts == "standing" and not self.is_stopped(call) and not self._is_once(call)

    def starts_any(self, call: BaseModel) -> bool:
        """Whether this call itself starts a session or other work, or lets some be started."""
        return self.starts in ("one", "standing") and not self.is_stopped(call)

    def is_stopped(self, call: BaseModel) -> bool:
        """Whether nothing starts after this call."""
        return self.stops is not None and getattr(call, self.stops) is False

    def _is_once(self, call: BaseModel) -> bool:
        has_cron = self.cron is not None and getattr(call, self.cron) is not None
        return self.once is not None and getattr(call, self.once[0]) == self.once[1] and not has_cron


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call does to the world, stated once and read by every interface."""

    kind: Literal["read", "write", "destroy"]
    is_idempotent: bool = False
    is_billable: bool = False
    is_reversible: bool = False
    spending: Spending | None = None
    is_administrative: bool = False
    """Whether it changes who may do what, what may be spent, or who gets in: accounts, security and money."""
    reveals_secret: bool = False
    """Whether its output can hold a secret that the API shows once: a token, or what signs a webhook."""
    is_private: bool = False
    """Whether its output holds what is personal, or of use to an attacker: people, logs, findings, links."""

    @property
    def only_reads(self) -> bool:
        """Whether the call leaves the world as it is, and the bill too."""
        return self.kind == "read" and not self.is_billable

    def __str__(self) -> str:
        """Return, for a person, what a call does, and what it spends."""
        return ", ".join(filter(None, (self.kind, self.spends, *self.marks)))

    @property
    def marks(self) -> tuple[str, ...]:
        """Return, for a person, what else there is to know of a call before it is made."""
        marks = {
            "administers accounts": self.is_administrative,
            "shows a secret once": self.reveals_secret,
            "private": self.is_private,
        }
        return tuple(text for text, is_so in marks.items() if is_so)

    @property
    def spends(self) -> str:
        """Return, for a person, what a call spends; an empty text when it spends nothing."""
        return f"spends ACUs {self.spending or ''}".rstrip() if self.is_billable else ""

    @property
    def needs_consent(self) -> bool:
        """Whether a person is asked first, where people are asked.

        It destroys, can spend ACUs, administers accounts, or shows a secret.
        """
        return self.kind == "destroy" or self.is_billable or self.is_administrative or self.reveals_secret

    @property
    def risk(self) -> str:
        """Return, for a person, why they are asked first, after the tool's name; empty where nobody is."""
        risks = {
            "cannot be undone": self.kind == "destroy",
            "spends ACUs": self.is_billable,
            "administers accounts, security or money": self.is_administrative,
            "shows a secret once": self.reveals_secret,
        }
        return " and ".join(text for text, is_so in risks.items() if is_so)

    def idempotent(self) -> Effect:
        """Return the effect of a call that changes nothing more when it is repeated."""
        return replace(self, is_idempotent=True)

    def billable(self, spending: Spending | None = None) -> Effect:
        """Return the effect of a call that can spend ACUs, and how; needed to describe such a tool."""
        return replace(self, is_billable=True, spending=spending)

    def reversible(self) -> Effect:
        """Return the effect of a call that another tool undoes."""
        return replace(self, is_reversible=True)

    def administrative(self) -> Effect:
        """Return the effect of a call that administers accounts, security or money."""
        return replace(self, is_administrative=True)

    def revealing(self) -> Effect:
        """Return the effect of a call whose output can hold a secret that is shown once."""
        return replace(self, reveals_secret=True)

    def private(self) -> Effect:
        """Return the effect of a call whose output is personal, or of use to an attacker."""
        return replace(self, is_private=True)


READ = Effect("read", is_idempotent=True, is_reversible=True)
WRITE = Effect("write")
DESTROY = Effect("destroy")

BY_VERB = {
    "GET": READ,
    "POST": WRITE,
    "PUT": WRITE.idempotent(),
    "PATCH": WRITE.idempotent(),
    "DELETE": DESTROY.idempotent(),
}


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who may fill a field: `llm` (anyone) or `user` (never a model)."""

    name: Literal["llm", "user"]


USER_ONLY = Visibility("user")


@dataclass(frozen=True, slots=True)
class Example:
    """Marks a required field with a value for the examples of its tool; its schema does not show it."""

    value: Any


@dataclass(frozen=True, slots=True)
class Documented:
    """Marks a field, or a part of one, whose bounds the vendor's documents state.

    The bounds of all others are this package's own: calls that break them are refused before they are sent,
    and the API, like the simulator, might take them.
    """


DOCUMENTED = Documented()
