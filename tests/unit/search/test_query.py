"""Queries as they are read: parts, verbs, questions, payloads, and whose things are meant."""

from __future__ import annotations

from support.laws import for_every

from devin_tools.search.query import ONE, OWN, WHOLE, Query, read


def part(query: Query, *phrase: str) -> float:
    """Return what a part weighs; 0 where the query has none."""
    return next((one.weight for one in query.parts if one.phrase == phrase), 0.0)


def words(text: str) -> list[str]:
    return [word for one in read(text).parts for word in one.words]


def test_what_is_quoted_is_not_read_unless_all_is() -> None:
    assert words("tag it 'billing' and \"cost\"") == ["tag"]
    assert words("'billing cycles'") == ["bill", "cycl"]
    assert "bob" in words("take Bob's key and Ann's name")


@for_every(
    "text, word",
    lambda: [
        *(
            ("what of devin-12ab", "session"),
            ("look at https://github.com/a/b/pull/3", "pr"),
            ("PR 482", "pr"),
        ),
        *(("add jane@example.com", "user"), ("scan acme/shop", "repository"), ("into ./out", "file")),
        *(("send report.pdf", "file"), ("send the .npmrc", "file"), ("allow 10.0.0.0/8", "address")),
    ],
)
def test_what_is_written_for_a_thing_is_its_noun(text: str, word: str) -> None:
    assert word in words(text) and read(text).has_id


def test_a_number_alone_is_no_id_and_no_word() -> None:
    assert not read("limit it to 500").has_id and "500" not in words("limit it to 500")


def test_a_verb_and_its_particle_may_stand_apart() -> None:
    assert part(read("turn off the rule"), "turn", "off")
    assert part(read("turn the rule for Slack off"), "turn", "off")
    assert part(read("let the agent know that it is done"), "let", "know")
    assert not part(read("get the whole back and forth"), "get", "back")


def test_a_run_is_a_session_and_to_run_is_a_verb() -> None:
    assert "session" in words("how did that run go") and "session" in words("stop all runs")
    assert "run" in words("run the tests") and "run" in words("then run it")


@for_every(
    "text, asks",
    lambda: [
        *(("who left?", True), ("is it done", True), ("show me all", True), ("how many are there", True)),
        *(("stop it", False), ("please stop it", False), ("how do I stop it?", False), ("", False)),
        *(("could you stop it", False), ("when it rains, stop it", False)),
    ],
)
def test_questions_are_told_from_orders(text: str, asks: bool) -> None:
    assert read(text).is_question is asks


def test_an_order_begins_with_its_verb() -> None:
    lead = read("please delete the note").verb
    assert lead and lead.words == ("delet",)
    assert read("delete the note").is_surely_verb and not read("delete notes").is_surely_verb
    assert read("what is there?").verb is None and read("").verb is None


def test_what_is_to_be_written_weighs_less() -> None:
    query = read("remember that we always branch from develop")
    assert part(query, "branch") < part(query, "remember")
    query = read("answer it: use the staging database")
    assert part(query, "databas") < part(query, "answer")
    assert part(read("put that session away"), "session") == 1.0


@for_every(
    "text, level",
    lambda: [
        *(("list sessions", OWN), ("our team", OWN), ("who is on my team", OWN)),
        *(("in all teams", WHOLE), ("across the company", WHOLE), ("every organisation", WHOLE)),
        *(("cap team Orion", ONE), ("in another organisation", ONE), ("the payments team", ONE)),
        *(("org-1a", ONE), ("enterprise users", WHOLE)),
    ],
)
def test_whose_things_are_meant(text: str, level: str) -> None:
    assert read(text).level == level


@for_every(
    "text, undoing",
    lambda: [
        *(("undo it", True), ("restore the note that was deleted", True), ("un-delete it", True)),
        *(("bring the killed session back", True), ("bring back the archived session", False)),
        *(("delete the note", False), ("recover from the crash", False)),
    ],
)
def test_what_is_to_come_back_that_is_gone(text: str, undoing: bool) -> None:
    assert read(text).is_undoing is undoing


def test_a_particle_belongs_to_the_nearest_verb() -> None:
    assert [part.phrase for part in read("what hooks can wake up an automation").parts][1] == ("wake", "up")


def test_a_phrase_of_words_that_only_say_when_only_says_when() -> None:
    (part,) = [part for part in read("the cost of last month").parts if part.phrase[-1] == "month"]
    assert part.counts < 0.5


def test_any_text_can_be_read() -> None:
    for text in (
        "",
        " ",
        ":",
        "'",
        "''",
        "\0",
        "that",
        "for",
        "x" * 5000,
        "\N{PILE OF POO}",
        "off turn",
        "a: b: c",
    ):
        assert read(text).text == text[:2000]
