"""A query in somebody's own words, read: its parts, their meanings, and what kind of thing is asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .vocabulary import LONGEST_PHRASE, Meaning, is_elsewhere, is_parameter, is_verb, meanings, merged
from .words import IGNORED, pieces_of

__all__ = ["LIGHT", "ONE", "OWN", "PLACES", "WHOLE", "Part", "Query", "read"]

LONGEST = 2000
"""Characters of a query that are read."""

PHRASE, LEAD, PLACE, WHEN, PAYLOAD = 1.28, 1.2, 0.8, 0.6, 0.4
"""What weighs, beside a word: a phrase, the verb at the beginning, a word that says whose things are meant,
one that says when, and one that stands in what is to be done or written."""

FOREIGN, NAMED, ABOUT, ASIDE = 3.0, 0.5, 0.4, 0.1
"""What words count, beside others, when it is asked whether a tool fits: those of another field, names, what
something is for or about, and what says when or how much."""

GAP = 6
"""How many words may stand between a verb and its particle: `turn the rule for Slack messages off`."""

OWN, ONE, WHOLE = "own", "one", "whole"
"""Whose things are meant: one's own organisation's, another one's by name, or those of all of them."""


def _these(text: str) -> frozenset[str]:
    return frozenset(merged(pieces_of(text)))


POLITE = _these(
    "im please can could would will you i we want like need to lets let us kindly hey hi devin now just ok"
)
QUESTION = _these("what which who whom whose how where why is are was were do does did has have")
MEASURE = _these("many much far long is are")
"""After `how` these ask; others tell what somebody wants to do: `how do I stop it?`"""

LOOKING = _these(
    """show list see view display check find fetch count read look inspect print browse enumerate get
    compare"""
)
OBJECTS = _these(
    """a an the this that these those all every each some any my our its his her their me us it them about
    more another"""
)
"""After one of these comes what a verb is done to."""

PLACES = _these("team organization workspace department company enterprise firm tenant")
CARRIERS = _these(
    """repository session run job agent playbook automation rule trigger schedule note folder secret blueprint
    build branch team organization workspace department pr tag label group user bot profile scan report page
    service project"""
)
"""Nouns before which a word is most often a name: `the payments repository`."""

LIGHT = _these("give make put take have let get set do keep use bring turn go try help ask start")
"""Verbs that say little without what follows them."""

PARTICLES = frozenset(
    (
        *(
            "off",
            "out",
            "away",
            "back",
            "up",
            "down",
            "in",
            "on",
            "over",
            "aside",
            "know",
            "through",
            "apart",
        ),
        "free",
    )
)
"""What may stand apart from its verb."""
VERBAL = _these(
    """anything everything something nothing it to and then can will would should must may i you we they not
    also please ever"""
)
"""After these `run` is a verb; elsewhere it is what people say for a session, unless they begin with it."""

MODIFYING, CLAUSES = frozenset(("for", "about")), frozenset(("and", "but", "or", "so", "then"))
PAYLOADS = tuple(
    tuple(pieces_of(text))
    for text in (
        *("so that", "because", "instead of", "that we", "that our", "that the", "that it", "that i"),
        *("it should", "should use", "it must", "which was", "in order to"),
    )
)
"""What stands before that which is to be done or written, and says little of the tool for it."""

COLON = "xcolon"

QUOTED = re.compile(
    "(?<!\\w)(['\"`\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}])(?=\\w).{1,80}?(?<=\\S)"
    "['\"`\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}](?!\\w)",
    re.DOTALL,
)
WRITTEN = re.compile(
    r"""(?P<address>\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?)
    |(?P<user>[\w.+-]+@[\w-]+\.\w+)
    |(?P<pr>https?://\S+/(?:pull|merge_requests)/\d+\S*|\bpr\s*\#?\d+)
    |(?P<session>\bdevin-[0-9a-f]+\b|https?://\S*/sessions/\S+)
    |(?P<repository>(?<![\w./])[a-z0-9][\w-]*/[a-z0-9][\w.-]*(?![\w/]))
    |(?P<file>(?<!\w)\.{1,2}/\S*|(?<![\w.])\.[a-z]{2,}\w*\b
        |\b\w[\w-]*\.(?:pdf|csv|txt|json|ya?ml|zip|png|jpe?g|log|md|xlsx?|docx?|py|sarif)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
"""What people write for a thing without its noun: an address, an id, a path."""

WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
OFTEN = r"(?:second|other|third|few|couple of|\d+) (?:minute|hour|day|week|month)s?"
RECURRING = re.compile(
    rf"\b(?:every|each) (?:(?:\w+ )?{WEEKDAY}s?|{OFTEN})\b|\bon {WEEKDAY}s\b", re.IGNORECASE
)
DAY_JOB = re.compile(
    rf"\b(?:{WEEKDAY}|morning|evening|\d+\s*(?:am|pm|o'clock))(?:'s)?\s+(?:job|run|task|thing|session)s?\b",
    re.IGNORECASE,
)
"""What happens again and again, and what is called by when it happens."""

OF_ALL = re.compile(
    r"""\b(?:enterprise|compan(?:y|ies)|firm|corporat\w+|everywhere|(?:group|company|account)-wide|globally
    |(?:all|any|every|each|across|other|both|several)\s+(?:of\s+)?(?:the|our|my|its)?\s*
        (?:teams?|org\w*|workspaces?|departments?|tenants?|units?)
    |whole\s+(?:business|account)|across\s+the\s+board)\b""",
    re.VERBOSE | re.IGNORECASE,
)
TEAM = r"(?:[Tt]eam|[Oo]rg|[Oo]rgani[sz]ation|[Ww]orkspace|[Dd]epartment|[Tt]enant)"
OF_ONE = re.compile(
    rf"""\b{TEAM}\s+(?:called\s+|named\s+)?['"]?[A-Z0-9]|\borg[-_][0-9a-z]|\b[A-Z]\w+(?:'s)?\s+{TEAM}\b
    |\b(?:an|one|another|that|a\s+single|some|a|which|each)\s+{TEAM}\b
    |\bthe\s+(?!team|org|work|dep|same|whole|entire|right|new|current)\w+\s+{TEAM}\b""",
    re.VERBOSE,
)
UNDO = re.compile(
    r"\b(?:undo|un-?(?:delete|terminate|remove)\w*)\b"
    r"|(?=.*\b(?:recover|restor|reviv|revert|resurrect|reinstat|un-?archiv"
    r"|(?:bring|get|roll)\w*\b.*\bback\b))"
    r".*\b(?:delet|remov|terminat|kill|eras|purg|wip|destroy|los[te]|drop|threw|thrown|ended)\w*",
    re.IGNORECASE | re.DOTALL,
)
"""What is deleted or ended stays so: no operation brings it back."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or a phrase, of what is asked."""

    phrase: tuple[str, ...]
    words: tuple[str, ...]
    """Its words, without those that say nothing."""
    meanings: tuple[Meaning, ...]
    weight: float
    """What it weighs in a ranking."""
    counts: float
    """What it counts when it is asked whether a tool has all of what is asked."""
    is_main: bool
    """Whether it says what is to be done, not what for or what with."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read."""

    text: str
    parts: tuple[Part, ...]
    is_question: bool
    """Whether it asks to be told or shown something."""
    asks_who: bool
    """Whether it asks who did something, which nothing answers that does it again."""
    verb: Part | None
    """The part that it begins with where it tells to do something."""
    is_surely_verb: bool
    """Whether that is a verb by what follows it, whatever else the word may be."""
    is_undoing: bool
    """Whether something is to come back that was deleted or ended."""
    has_id: bool
    """Whether it names one thing by an id, a number or a path."""
    level: str
    """Whose things are meant: `OWN`, `ONE` or `WHOLE`."""


def read(query: str, spelled: Callable[[str], str] = str) -> Query:
    """Read a query: what stands in quotes is not part of it, unless all of it does.

    `spelled` returns a word that is known for one that was written wrong.
    """
    query = query[:LONGEST]
    bare = QUOTED.sub(" ", query)
    text = bare if re.search(r"\w", bare) else query
    names = {word.lower() for word in re.findall(r"(?<=[\w,'] )[A-Z][\w.-]*\w", text)}
    text = WRITTEN.sub(lambda found: f" {found.lastgroup} ", text.replace(": ", f" {COLON} ", 1))
    text = DAY_JOB.sub("nightly job", RECURRING.sub("every week", text))
    pieces = merged(list(_spelled(pieces_of(text), names, spelled)))
    start = next((at for at, piece in enumerate(pieces) if piece not in POLITE), 0)
    pieces = [*pieces[:start], *_with_runs(pieces[start:])]
    first, second = (*pieces[start : start + 2], "", "")[:2]
    asks = first in QUESTION or query.rstrip().endswith("?")
    asks = (asks and first != "how") or (first == "how" and second in MEASURE)
    is_question = asks or first in LOOKING or (first == "tell" and second in ("me", "us"))
    found = dict(_parts(pieces, names))
    verb = None
    if start in found:
        found[start] = _first(found[start], is_lead=not is_question)
        phrase = found[start].phrase
        if not is_question and (second in OBJECTS or is_verb(phrase) or is_elsewhere(phrase)):
            verb = found[start]
    return Query(
        text=query,
        parts=tuple(found.values()),
        is_question=is_question,
        asks_who=first in ("who", "whose"),
        verb=verb,
        is_surely_verb=second in OBJECTS,
        is_undoing=bool(UNDO.search(query)),
        has_id=bool(WRITTEN.search(query)),
        level=WHOLE if OF_ALL.search(query) else ONE if OF_ONE.search(query) else OWN,
    )


def _spelled(pieces: list[str], names: set[str], spelled: Callable[[str], str]) -> Iterator[str]:
    """Yield words as they are spelled, the first one only as a verb: `protect` is not `project`."""
    is_lead = True
    for piece in pieces:
        one = piece if piece in names else spelled(piece)
        yield piece if is_lead and not is_verb((one,)) else one
        is_lead = is_lead and piece in POLITE


def _with_runs(pieces: list[str]) -> list[str]:
    """Return words with `session` for what people call a run."""
    return [
        "session" if piece == "run" and at and pieces[at - 1] not in VERBAL | CARRIERS else piece
        for at, piece in enumerate(pieces)
    ]


def _first(part: Part, is_lead: bool) -> Part:
    more = meanings(part.phrase, is_lead=is_lead and len(part.phrase) == 1)
    return replace(part, weight=part.weight * LEAD, meanings=more)


def _parts(pieces: list[str], names: set[str]) -> Iterator[tuple[int, Part]]:
    """Yield the parts of a text, each with the place where it begins; of phrases the longest counts."""
    seen: set[tuple[str, ...]] = set()
    used: set[int] = set()
    weight = about = 1.0
    for at, piece in enumerate(pieces):
        if at in used:
            continue
        if piece in MODIFYING or piece in CLAUSES:
            about = ABOUT if piece in MODIFYING else 1.0
        if piece == COLON or _begins_payload(pieces, at):
            weight = PAYLOAD
        phrase, found = _phrase(pieces, at, used)
        words = tuple(word for word in phrase if word not in IGNORED)
        if piece == COLON or phrase in seen or not (found or words):
            continue
        seen.add(phrase)
        place = (
            WHEN
            if is_parameter(phrase)
            else PLACE
            if words[:1] and words[0] in PLACES and len(phrase) == 1
            else 1.0
        )
        yield (
            at,
            Part(
                phrase=phrase,
                words=words,
                meanings=found,
                weight=weight * place * (PHRASE if len(phrase) > 1 else 1.0),
                counts=weight * about * _counts(phrase, pieces[at + len(phrase) :] if at else [], names),
                is_main=weight == about == 1.0,
            ),
        )


def _begins_payload(pieces: list[str], at: int) -> bool:
    if any(tuple(pieces[at : at + len(turn)]) == turn for turn in PAYLOADS):
        return at > 0
    before = pieces[at - 1] if at > 2 else ""
    return pieces[at] == "that" and bool(before) and before not in IGNORED and before not in PARTICLES


def _counts(phrase: tuple[str, ...], rest: list[str], names: set[str]) -> float:
    if rest and rest[0] in CARRIERS:
        return NAMED
    if is_elsewhere(phrase):
        return FOREIGN
    if is_parameter(phrase):
        return ASIDE
    return NAMED if len(phrase) == 1 and phrase[0] in names else 1.0


def _phrase(pieces: list[str], at: int, used: set[int]) -> tuple[tuple[str, ...], tuple[Meaning, ...]]:
    """Return the longest phrase that begins at a place, with what it may mean, and mark what it uses."""
    for length in range(min(LONGEST_PHRASE, len(pieces) - at), 1, -1):
        phrase = tuple(pieces[at : at + length])
        if (found := meanings(phrase)) or is_elsewhere(phrase):
            used.update(range(at, at + length))
            return phrase, found
    for end in range(at + 2, min(at + GAP, len(pieces))):
        if pieces[end] in PARTICLES and not _in_phrase(pieces, end):
            phrase = (pieces[at], pieces[end])
            if found := meanings(phrase):
                used.add(end)
                return phrase, found
    word = (pieces[at],)
    return word, () if pieces[at] in IGNORED else meanings(word)


def _in_phrase(pieces: list[str], at: int) -> bool:
    """Return whether a particle begins a phrase, or makes one with the word before it."""
    ends = range(at + 2, min(at + LONGEST_PHRASE, len(pieces)) + 1)
    nearer = meanings((pieces[at - 1], pieces[at]))
    return bool(nearer) or any(meanings(tuple(pieces[at:end])) for end in ends)
