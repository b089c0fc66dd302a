"""Texts as the words that are compared: lower case, without endings, each in one spelling. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["HUMP", "IGNORED", "phrases_of", "pieces_of", "stem", "words_of"]

IGNORED = frozenset(
    """
    a an the this that these those it its i me my mine we us our you your they them their
    is are was were be been am do does did done have has had will would can could should may might must
    of to in on for and or but with at by from as into onto over about than then so if not no nor
    what which who whom whose how when where why there here all any some each every one own such use used
    using please just let now yet still also too very again want need like make go thing something devin
    im ive ill id youre theyre weve thats whats wheres whos dont doesnt didnt isnt arent cant wont
    """.split()  # noqa: SIM905 - a list of so many words would take a page
)
"""Words that say nothing of what somebody wants, unless in a phrase; and the name that all tools share."""

IRREGULAR = {
    **dict.fromkeys(("ran", "running", "runs"), "run"),
    **dict.fromkeys(("took", "taken", "taking", "takes"), "take"),
    **dict.fromkeys(("gave", "given", "giving", "gives"), "give"),
    **dict.fromkeys(("left", "leaves", "leaving"), "leave"),
    **dict.fromkeys(("spent", "spends", "spending"), "spend"),
    **dict.fromkeys(("sent", "sends", "sending"), "send"),
    **dict.fromkeys(("went", "gone", "goes", "going"), "go"),
    **dict.fromkeys(("began", "begun", "beginning"), "begin"),
    **dict.fromkeys(("broke", "broken"), "break"),
    **dict.fromkeys(("wrote", "written", "writing"), "write"),
    **dict.fromkeys(("said", "saying"), "say"),
    **dict.fromkeys(("told", "tells"), "tell"),
    **dict.fromkeys(("found",), "find"),
    **dict.fromkeys(("built", "building"), "build"),
    **dict.fromkeys(("kept",), "keep"),
    **dict.fromkeys(("paid",), "pay"),
    **dict.fromkeys(("saw", "seen"), "see"),
    **dict.fromkeys(("chose", "chosen"), "choose"),
    **dict.fromkeys(("threw", "thrown"), "throw"),
    **dict.fromkeys(("made", "making"), "make"),
    **dict.fromkeys(("got", "gotten", "getting"), "get"),
    **dict.fromkeys(("brought",), "bring"),
    **dict.fromkeys(("held",), "hold"),
    **dict.fromkeys(("ate", "eaten"), "eat"),
    **dict.fromkeys(("woke", "woken", "waking"), "wake"),
    **dict.fromkeys(("forgot", "forgotten"), "forget"),
    **dict.fromkeys(("taught",), "teach"),
    **dict.fromkeys(("lost", "losing"), "lose"),
    **dict.fromkeys(("cancelled", "cancelling"), "cancel"),
    **dict.fromkeys(("labelled", "labelling"), "label"),
    **dict.fromkeys(("people", "persons"), "person"),
    **dict.fromkeys(("children", "childs"), "child"),
    **dict.fromkeys(("analyses", "analysed", "analyse", "analyzed", "analyze", "analyzing"), "analysis"),
    **dict.fromkeys(("settings", "prefs"), "preference"),
    **dict.fromkeys(("org", "orgs"), "organization"),
    **dict.fromkeys(("repo", "repos"), "repository"),
    **dict.fromkeys(("mrs", "prs", "mr"), "pr"),
    **dict.fromkeys(("e-mail", "e-mails", "emails", "mail", "mails"), "email"),
}
"""Forms that no ending tells, and short ones of words that are written out as often."""

ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ations", "at"),
    ("ation", "at"),
    ("tions", "t"),
    ("tion", "t"),
    ("ings", ""),
    ("ing", ""),
    ("ed", ""),
    ("s", ""),
)
LAST = frozenset(ending[-1] for ending, _ in ENDINGS)
SHORTEST = 3
"""Letters that a word keeps at least when its ending is cut."""

BRITISH = re.compile(r"(?<=..)is(?=$|at$)")
TWICE = re.compile(r"(?<=..)([bdgmnprt])\1$")
WORD = re.compile(r"e-mails?|\d*[a-z][a-z0-9]*(?:'[a-z]+)?")
APART = re.compile("[,;:]")
HUMP = re.compile(r"(?<=[a-z0-9])(?<!Git)(?<!Dev)(?=[A-Z])")


def pieces_of(text: str) -> list[str]:
    """Return all words of a text in their order, with those that say nothing."""
    apart = HUMP.sub(" ", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return [stem(word) for word in WORD.findall(apart)]


def phrases_of(text: str) -> list[list[str]]:
    """Return the words of each part of a text between commas: of texts that are written, not of names."""
    return [[stem(word) for word in WORD.findall(part)] for part in APART.split(text.lower())]


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order: `listedSessions` and `list_sessions` are the same two."""
    return [word for word in pieces_of(text) if word not in IGNORED]


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return a word, in lower case, without its ending: `archived` and `archives` are one."""
    word = word.removesuffix("'s").replace("'", "")
    word = IRREGULAR.get(word, word)
    if word in IGNORED or word == "analysis":
        return word
    if word[-1:] in LAST and not word.endswith(("ss", "us")):
        for ending, kept in ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
                word = word[: len(word) - len(ending)] + kept
                if ending in ("ing", "ings", "ed"):
                    word = TWICE.sub(r"\1", word)
                break
    if word.endswith("e") and len(word) > SHORTEST + 1:
        word = word[:-1]
    return BRITISH.sub("iz", word) if word.endswith(("is", "isat")) else word
