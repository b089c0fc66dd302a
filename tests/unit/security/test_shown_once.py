"""A secret that is shown once is shown to whoever called, and to nobody who watches."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
from pydantic import Field

from devin_tools import CreateServiceUser, NewServiceUserKey
from devin_tools.security.shown_once import HIDDEN, MARK, UNDECLARED, is_secret, without_secrets
from devin_tools.tool import Output

TOKEN = "cog_CANARY0123456789"


class Hook(Output):
    """A hook."""

    secret: Annotated[str | None, Field(repr=False, json_schema_extra={MARK: True})] = None
    """Its secret."""

    url: str = ""
    """Where it is."""


class Hooks(Output):
    """Hooks."""

    hooks: list[Hook] = []
    """Each of them."""

    by_name: dict[str, Hook] = {}
    """The same by their names."""


def test_every_secret_in_an_output_is_hidden_and_nothing_else() -> None:
    hook = Hook.model_validate({"secret": TOKEN, "url": "u", "more": 1})
    hidden = without_secrets(Hooks(hooks=[hook, Hook(url="v")], by_name={"a": hook}))
    assert TOKEN not in hidden.model_dump_json()
    assert hidden.model_dump() == {
        "hooks": [{"secret": HIDDEN, "url": "u", "more": 1}, {"secret": None, "url": "v"}],
        "by_name": {"a": {"secret": HIDDEN, "url": "u", "more": 1}},
    }
    assert hook.secret == TOKEN
    assert [is_secret(info) for info in Hook.model_fields.values()] == [True, False]
    assert is_secret(NewServiceUserKey.model_fields["token"])


def test_what_is_not_declared_may_be_a_secret() -> None:
    hidden = without_secrets(Hook.model_validate({"key": TOKEN, "in": {"a": [TOKEN, 2]}, "n": None}))
    unknown = {"key": UNDECLARED, "in": {"a": [UNDECLARED, 2]}, "n": None}
    assert hidden.model_dump() == {"secret": None, "url": ""} | unknown


class Watcher:
    """A guard that keeps what it sees, as one that sends traces does."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def before(self, spec: Any, call: Any) -> None:
        """Let the call pass."""

    def after(self, spec: Any, call: Any, outcome: Any) -> None:
        self.seen.append(outcome.model_dump_json())


def test_guards_see_no_secret(run: Any) -> None:
    body = {"service_user": {"service_user_id": "service-user-1"}, "token": TOKEN}
    watcher = Watcher()
    call = CreateServiceUser(name="CI", role_id="role-member", ttl_seconds=60)
    output = run(lambda request: httpx.Response(200, json=body), call, guards=[watcher])
    assert output.token == TOKEN
    (seen,) = watcher.seen
    assert TOKEN not in seen and HIDDEN in seen and "service-user-1" in seen
