"""An answer counts for the very question that was asked, of the very caller, once."""

from __future__ import annotations

from typing import Any

from support.laws import for_every

from devin_tools import load_catalog
from devin_tools.mcp.consent import OPEN_QUESTIONS, REMEMBERED, ConsentStore

CATALOG = load_catalog(plugins=())
CREATE = CATALOG.specs["devin_create_session"]
ASKED: tuple[str, Any, dict[str, Any]] = ("ada", CREATE, {"prompt": "Fix it."})
OTHERS: list[tuple[str, Any, dict[str, Any]]] = [
    ("bob", CREATE, {"prompt": "Fix it."}),
    ("ada", CATALOG.specs["devin_run_task"], {"prompt": "Fix it."}),
    ("ada", CREATE, {"prompt": "Fix it. "}),
    ("ada", CREATE, {"prompt": "Fix it.", "max_acu_limit": 90_000}),
]


@for_every("other", lambda: OTHERS)
def test_an_answer_to_one_question_is_none_to_another(other: Any) -> None:
    consents = ConsentStore()
    mark = consents.question(*ASKED).issue()
    assert not consents.question(*other).redeem(mark)
    assert consents.question(*ASKED).redeem(mark)


def test_an_answer_counts_once_and_none_that_was_not_asked_for_counts() -> None:
    consents = ConsentStore()
    question = consents.question(*ASKED)
    assert not question.redeem(None) and not question.redeem("") and not question.redeem("made up")
    mark = question.issue()
    assert question.redeem(mark) and not question.redeem(mark)


def test_open_questions_are_bounded_per_caller_and_push_out_nobody_elses() -> None:
    consents = ConsentStore()
    mark = consents.question(*ASKED).issue()
    flood = consents.question("bob", CREATE, {"prompt": "x"})
    marks = [flood.issue() for _ in range(OPEN_QUESTIONS + 1)]
    assert not flood.redeem(marks[0]) and flood.redeem(marks[1])
    assert consents.question(*ASKED).redeem(mark)
    for number in range(REMEMBERED + 5):
        consents.question(str(number), CREATE, {}).issue()
    assert len(consents._asked) == REMEMBERED
