"""A fault in a simulator handler names the handler and its plugin, wherever it is met."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from support.strangers import add_plugin

from devin_tools import Client, GetSelf, GetSession, PluginError, Simulator, hookimpl, load_catalog
from devin_tools.errors import NotFound, Refused
from devin_tools.simulator import Refusal

SESSION = "0" * 32


def handler_of_a_stranger(answer: Any) -> Any:
    def get_session(world: Any, call: GetSession) -> Any:
        return answer(world)

    return get_session


def asked(answer: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    @hookimpl
    def devin_tools_provide_handlers() -> Any:
        return {GetSession: handler_of_a_stranger(answer)}

    plugin = SimpleNamespace(devin_tools_provide_handlers=devin_tools_provide_handlers)
    add_plugin(monkeypatch, "acme", lambda: plugin)
    simulator = Simulator(seed=1, sessions=1, catalog=load_catalog())
    with Client(**simulator.connection(), guards=()) as client:
        return client.run(GetSession(session_id=SESSION))


NAMED = "get_session of the plugin acme, which answers devin_get_session, "


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda world: next(world.newest_first()), "returned a value of type SessionRecord, which"),
        (lambda world: {"a": [{1}]}, "returned a value of type set, which"),
        (lambda world: {}["hunter2"], "raised KeyError at test_handler_faults.py, line "),
        (lambda world: {(1, 2): "hunter2"}, "raised TypeError at encoder.py, line "),
    ],
)
def test_it_says_what_the_handler_did_and_what_one_does(
    answer: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PluginError) as caught:
        asked(answer, monkeypatch)
    assert NAMED + said in caught.value.message and "to_wire(world.now, full=True)" in caught.value.hint
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is not None


def test_what_a_handler_refuses_stays_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(world: Any) -> Any:
        raise Refusal(404, "No such thing")

    def veto(world: Any) -> Any:
        raise Refused("no")

    with pytest.raises(NotFound, match="No such thing"):
        asked(refuse, monkeypatch)
    with pytest.raises(Refused, match="no"):
        asked(veto, monkeypatch)


def test_a_handler_of_nobody_is_named_by_its_module() -> None:
    catalog = load_catalog()
    catalog.handlers = {**catalog.handlers, GetSelf: handler_of_a_stranger(lambda world: 1 / 0)}
    with Client(**Simulator(catalog=catalog).connection()) as client:
        with pytest.raises(
            PluginError, match=rf"The simulator handler {__name__}\.\S*get_session, which answers"
        ):
            client.run(GetSelf())
