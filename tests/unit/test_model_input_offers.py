"""What no model is offered unless a person chose it: by its whole name or the preset that says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools import Catalog, Settings
from devin_tools.effects import READ, WRITE
from devin_tools.errors import Refused
from devin_tools.model_input import for_a_model, for_models
from devin_tools.presets import chosen, narrowed, offered

READS = built_in().spec("devin_get_self")
CATALOG = Catalog(
    {
        name: replace(READS, name=name, **facts)
        for name, facts in {
            "devin_x_plain": {},
            "devin_x_private": {"effect": READ.private()},
            "devin_x_rule": {"effect": WRITE.administrative()},
            "devin_x_token": {"effect": WRITE.revealing()},
            "devin_x_over_all": {"scope": "enterprise"},
            "devin_x_worker": {"scope": "outposts"},
        }.items()
    }
)
CHOICES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"devin_x_plain", "devin_x_private"}),
    ({"preset": "observe"}, {"devin_x_plain"}),
    ({"preset": "audit"}, {"devin_x_over_all"}),
    ({"preset": "administer"}, {"devin_x_rule"}),
    (
        {"tools": "*"},
        {"devin_x_plain", "devin_x_private", "devin_x_token", "devin_x_over_all", "devin_x_worker"},
    ),
    ({"tools": ["devin_x_[pr]*"]}, {"devin_x_plain", "devin_x_private"}),
    ({"tools": ["devin_x_rule"]}, {"devin_x_rule"}),
    ({"exclude": ["devin_x_plain"]}, {"devin_x_private"}),
]


@for_every("choice, found", lambda: CHOICES)
def test_models_are_offered_what_a_person_chose(choice: Any, found: set[str]) -> None:
    assert {spec.name for spec in for_models(chosen(CATALOG, **choice))} == found
    assert set(offered(CATALOG, narrowed(CATALOG, Settings(), **choice))) == found


def test_a_pattern_that_stands_for_nothing_else_is_refused() -> None:
    with pytest.raises(Refused, match="administers accounts"):
        narrowed(CATALOG, Settings(), tools="devin_x_r*")


def test_the_settings_choose_too_and_what_is_refused_stays_so() -> None:
    allowed = Settings(allowed_tools=("devin_x_rule", "devin_x_plain"))
    assert set(offered(CATALOG, allowed)) == {"devin_x_rule", "devin_x_plain"}
    assert set(offered(CATALOG, narrowed(CATALOG, allowed, tools="*"))) == {"devin_x_rule", "devin_x_plain"}
    assert set(offered(CATALOG, replace(allowed, read_only=True))) == {"devin_x_plain"}
    assert "devin_x_rule" not in offered(CATALOG, Settings(allow_unbounded=True))


REASONS = {
    "devin_x_rule": "it administers accounts, security or money",
    "devin_x_token": "it shows a secret",
    "devin_x_over_all": "it needs a key of an enterprise",
    "devin_x_worker": "it needs a key of outposts",
}


@for_every("name, reason", REASONS.items)
def test_a_model_is_told_why_and_by_whom_it_can_be_offered(name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        for_a_model(CATALOG.spec(name))
    assert "DEVIN_ALLOWED_TOOLS" in caught.value.hint_for("python")
    assert caught.value.hint_for("model") == "Only a person may offer it."
    assert "UNBOUNDED" not in caught.value.hint_for("cli")
    assert for_a_model(CATALOG.spec(name).chosen())
