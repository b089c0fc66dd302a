"""What a call does to the world, in words for whoever is asked."""

from __future__ import annotations

from devin_tools.effects import DESTROY, READ, WRITE, Spending


def test_a_person_is_asked_about_what_cannot_be_had_back() -> None:
    assert not READ.private().needs_consent and not WRITE.needs_consent
    asked = {
        "cannot be undone": DESTROY,
        "spends ACUs": WRITE.billable(Spending("one")),
        "administers accounts, security or money": WRITE.administrative(),
        "shows a secret once": WRITE.revealing(),
        "cannot be undone and administers accounts, security or money": DESTROY.administrative(),
    }
    assert {effect.risk: effect.needs_consent for effect in asked.values()} == dict.fromkeys(asked, True)


def test_an_effect_is_told_in_one_line() -> None:
    assert str(READ.private()) == "read, private"
    assert str(DESTROY.administrative().revealing()) == "destroy, administers accounts, shows a secret once"
    assert READ.private().only_reads
