"""What is refused by name is decided once: what is not offered is what is refused."""

from __future__ import annotations

import pytest

from devin_tools import Client, GetSession, Settings, Simulator, describe
from devin_tools.adapters.function import functions
from devin_tools.errors import Refused
from devin_tools.permissions import is_permitted, veto_of


def test_a_misspelt_denied_tool_is_neither_offered_nor_run() -> None:
    settings = Settings(denied_tools=("devin_get_sesion",))
    veto = veto_of(describe(GetSession), settings)
    assert veto and veto.rule == "denied_tools" and "devin_get_sesion" in veto.reason
    assert not is_permitted(describe(GetSession), settings)
    with Client(**Simulator().connection(), guards=(), denied_tools=settings.denied_tools) as client:
        names = {function.spec.name for function in functions(client, None, None)}
        assert "devin_get_session" not in names and "devin_get_session_tags" in names
        with pytest.raises(Refused, match="may be meant"):
            client.run(GetSession(session_id="a" * 32))


def test_a_part_of_a_call_needs_no_place_among_the_allowed_tools() -> None:
    settings = Settings(allowed_tools=("devin_run_task",))
    assert veto_of(describe(GetSession), settings)
    assert veto_of(describe(GetSession), settings, is_inside=True) is None
