"""Texts as words: one form for a word however it is written."""

from __future__ import annotations

from support.laws import for_every

from devin_tools.search.words import phrases_of, pieces_of, stem, words_of


@for_every(
    "one, other",
    lambda: [
        *(("archived", "archives"), ("stopped", "stop"), ("running", "run"), ("ran", "run")),
        *(("repositories", "repository"), ("repos", "repository"), ("indexes", "indexing")),
        *(("cancelled", "canceling"), ("labelled", "labels"), ("added", "add"), ("settings", "preferences")),
        *(("organisations", "organization"), ("org", "organisation"), ("analysed", "analysis")),
        *(("termination", "terminate"), ("violations", "violate"), ("Bob's", "bob"), ("people", "person")),
        *(("e-mails", "email"), ("MRs", "PR"), ("notes", "note"), ("summarise", "summarized")),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert pieces_of(one) == pieces_of(other)


@for_every(
    "one, other",
    lambda: [("note", "not"), ("status", "state"), ("session", "sess"), ("access", "acces"), ("user", "use")],
)
def test_other_words_stay_others(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_names_are_read_however_they_are_written() -> None:
    assert words_of("listSessions") == words_of("list_sessions") == words_of("List the sessions!")
    assert pieces_of("our GitHub repo") == ["our", "github", "repository"]
    assert words_of("devin_get_self") == ["get", "self"]


def test_contractions_and_numbers_say_nothing() -> None:
    assert words_of("don't, I'm, that\N{RIGHT SINGLE QUOTATION MARK}s 482 it's") == []
    assert words_of("sub-agents in 2fa") == ["sub", "agent", "2fa"]


def test_a_text_falls_apart_at_its_commas() -> None:
    assert phrases_of("kill, pull the plug; it") == [["kill"], ["pull", "the", "plug"], ["it"]]
    assert phrases_of("") == [[]]
