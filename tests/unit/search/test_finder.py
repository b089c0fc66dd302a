"""Tools are found with what people say and with what models write; and it is said when nothing fits.

The asks of `tests/data/asks.jsonl`: `open` were given with the order for it, `own` were written before the
vocabulary was, `later`, `fresh` and `last` after it, to see what it did with asks that it was not made for.
The floors are a little below what is reached: `python benchmarks/finding.py` prints that.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from support.laws import for_every
from support.paths import ROOT
from support.tools import built_in, tools

from devin_tools import Spec
from devin_tools.model_input import for_models
from devin_tools.search.finder import Finder, Found

FLOORS = {"open": (29, 26), "own": (48, 40), "later": (55, 42), "fresh": (48, 36), "last": (47, 37)}
"""How many of each kind are among the first five at least, and first."""

FITTING = {"open": 29, "own": 47, "later": 50, "fresh": 41, "last": 40}
MISTAKEN = {"open": 0, "own": 0, "later": 2, "fresh": 2, "last": 2}
"""How many that a tool is for must be said to fit, and how many that none is for may be."""


@cache
def finder() -> Finder:
    return Finder(built_in())


@cache
def asks() -> list[dict[str, Any]]:
    text = (ROOT / "tests" / "data" / "asks.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def names(found: Found) -> list[str]:
    return [spec.name for spec in found.specs]


def test_the_asks_are_many_and_name_tools() -> None:
    assert {kind: sum(ask["of"] == kind and bool(ask["tools"]) for ask in asks()) for kind in FLOORS} == {
        "open": 30,
        "own": 50,
        "later": 57,
        "fresh": 50,
        "last": 50,
    }
    assert sum(not ask["tools"] for ask in asks()) >= 26
    assert {name for ask in asks() for name in ask["tools"]} <= {*built_in().specs}
    assert len({ask["ask"] for ask in asks()}) == len(asks())


@pytest.mark.parametrize("kind", FLOORS)
def test_tools_are_found_with_what_people_say(kind: str) -> None:
    found = [(ask, finder().find(ask["ask"])) for ask in asks() if ask["of"] == kind and ask["tools"]]
    among = [ask["ask"] for ask, one in found if {*names(one)} & {*ask["tools"]}]
    first = [ask["ask"] for ask, one in found if {*names(one)[:1]} & {*ask["tools"]}]
    assert (len(among) >= FLOORS[kind][0], len(first) >= FLOORS[kind][1]) == (True, True), (
        len(among),
        len(first),
    )
    assert sum(one.fits or one.for_person for _, one in found) >= FITTING[kind]


@pytest.mark.parametrize("kind", MISTAKEN)
def test_it_says_when_nothing_fits(kind: str) -> None:
    wrong = [
        ask["ask"]
        for ask in asks()
        if ask["of"] == kind and not ask["tools"] and finder().find(ask["ask"]).fits
    ]
    assert len(wrong) <= MISTAKEN[kind], wrong


@for_every("spec", tools)
def test_a_name_as_words_finds_its_tool_first(spec: Spec) -> None:
    words = spec.name.removeprefix("devin_").replace("_", " ")
    for query in (words, spec.name, spec.title):
        found = finder().find(query)
        assert names(found)[0] == spec.name, query
        assert found.fits or found.for_person, query


@for_every("spec", tools)
def test_a_summary_finds_its_tool_first(spec: Spec) -> None:
    assert names(finder().find(spec.summary))[0] == spec.name


@for_every(
    "query, name",
    lambda: [
        *(
            ("terminate session", "terminate_session"),
            ("list open code scan findings", "list_code_scan_findings"),
        ),
        *(("archive a session", "archive_session"), ("end a session", "terminate_session")),
        *(("index one repository", "index_repository"), ("index several repositories", "index_repositories")),
        *(("list organizations", "list_organizations"), ("enterprise audit log", "list_audit_logs")),
        *(("add tags to session", "append_session_tags"), ("createSession", "create_session")),
        *(("invite a user by email", "invite_users"), ("daily ACU consumption", "get_daily_consumption")),
    ],
)
def test_what_a_model_writes_finds_the_tool_first(query: str, name: str) -> None:
    found = finder().find(query)
    assert names(found)[0] == f"devin_{name}" and found.fits


@for_every(
    "query, own, other",
    lambda: [
        ("list {} sessions", "list_sessions", "list_enterprise_sessions"),
        ("list the playbooks {}", "list_playbooks", "list_enterprise_playbooks"),
        ("daily consumption {}", "get_daily_consumption", "get_enterprise_consumption"),
    ],
)
def test_an_organisation_comes_first_unless_all_are_meant(query: str, own: str, other: str) -> None:
    assert names(finder().find(query.format("")))[0] == f"devin_{own}"
    assert names(finder().find(query.format("of the whole enterprise")))[0] == f"devin_{other}"


@pytest.mark.parametrize(
    "query",
    [
        *("show the value of the secret DB_PASSWORD", "what is the value of the secret"),  # denied
        *("rename the session", "pause the session for an hour"),  # a word of the description alone
        *("get me a Stripe API key", "give me a PDF of last month's invoices"),  # of another field
        *("create a GitHub repository for the new service", "delete the GitHub repository"),  # another thing
    ],
)
def test_what_a_tool_says_that_it_does_not_do_or_does_to_something_else_does_not_fit(query: str) -> None:
    assert not finder().find(query).fits


@pytest.mark.parametrize(
    "query",
    [
        *("list our secrets", "store the value of a token as a secret", "create a repository permission"),
        *("rename the organisation", "delete the branch main from the index"),
    ],
)
def test_what_a_tool_does_to_the_thing_fits_all_the_same(query: str) -> None:
    found = finder().find(query)
    assert found.fits or found.for_person


def test_a_tool_that_only_a_person_can_run_is_told_from_others() -> None:
    found = finder().find("store my AWS secret key as a secret")
    assert names(found)[0] == "devin_create_secret"
    assert found.for_person and not found.fits
    offered = Finder(for_models(built_in())).find("store my AWS secret key as a secret")
    assert not offered.for_person and not offered.fits


@for_every(
    "query",
    lambda: [
        "who changed a playbook",
        "who deleted a playbook?",
        "who terminated the session",
        "who deleted our notes",
    ],
)
def test_who_did_something_is_not_answered_by_doing_it_again(query: str) -> None:
    found = finder().find(query)
    assert found.specs[0].effect.only_reads
    assert "devin_list_organization_audit_logs" in names(found)[:3]
    writing = Finder(spec for spec in built_in() if not spec.effect.only_reads).find(query)
    assert not writing.fits


def test_the_words_of_a_plugin_s_tool_find_it() -> None:
    spec = replace(
        built_in().spec("devin_get_session"),
        name="acme_water_plants",
        title="Water plants",
        summary="Water the plants of an office.",
        description="Water the plants of an office. It takes a minute.",
        resource="plants",
        keywords=("give the ficus a drink, thirsty",),
        route=None,
    )
    with_it = Finder([*built_in(), spec])
    for query in ("water plants", "acme_water_plants", "the ficus is thirsty", spec.summary):
        assert names(with_it.find(query))[0] == spec.name, query
    assert not {spec.name} & {*names(finder().find("the ficus is thirsty"))}


def test_bounds_and_order_hold() -> None:
    assert len(finder().find("session", limit=3).specs) == 3
    assert names(finder().find("session", limit=3)) == names(finder().find("session", limit=9))[:3]
    assert names(finder().find("stop the run")) == names(Finder(built_in()).find("stop the run"))


@for_every("query", lambda: ["", "  ", "zqx", "!?", "the of and", "x" * 9000])
def test_nothing_is_found_with_no_word_that_is_known(query: str) -> None:
    assert finder().find(query) == Found((), fits=False)
    assert Finder([]).find("session") == Found((), fits=False)
