"""What is shown of an outcome: with a session that waits, the command line that answers it."""

from __future__ import annotations

import pytest
from support.shell import at_terminal

from devin_tools.cli.outcome import answer_line
from devin_tools.tasks.shared.outcomes import OUTCOMES


def test_only_what_waits_for_a_message_is_answered() -> None:
    answered = [outcome for outcome in OUTCOMES if answer_line(outcome, "abc")]
    assert answered == ["waiting_for_user", "asleep"]
    assert answer_line("asleep", "abc") == "devin-tools call devin_send_message abc --message TEXT"


@pytest.mark.parametrize("words", [("run", "Fix it. #simulate:asks", "--max-acu", "3"), ("watch",)])
def test_a_person_can_paste_the_answer_to_a_question(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devin_tools.cli.options.LIVE_SPEED", None)
    ran = at_terminal("--simulate", *words, width=140)
    assert "devin-tools call devin_send_message " in ran.out and "--message TEXT" in ran.out
