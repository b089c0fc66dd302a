"""What somebody asks for, read: its parts and what each may mean, and what kind of thing is asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .vocabulary import LONGEST_PHRASE, Meaning, is_elsewhere, is_parameter, meanings, merged
from .words import IGNORED, pieces_of

__all__ = ["ONE", "OWN", "WHOLE", "Asked", "Part", "read"]

QUOTED = re.compile(r"(?<!\w)(['\"“‘`])(?=\w).{1,80}?(?<=\S)['\"”’`](?!\w)", re.DOTALL)
LONE = re.compile(
    r"""(?P<address>\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?)
    |(?P<user>[\w.+-]+@[\w-]+\.\w+)
    |(?P<pr>https?://\S+/(?:pull|merge_requests)/\d+\S*|\bpr\s*\#?\d+)
    |(?P<session>\bdevin-[0-9a-f]+\b|https?://\S*/sessions/\S+)
    |(?P<repository>(?<![\w./])[a-z0-9][\w-]*/[a-z0-9][\w.-]*(?![\w/]))
    |(?P<file>(?<!\w)\.{1,2}/\S*|(?<![\w.])\.[a-z]{2,}\w*\b|\b\w[\w-]*\.(?:pdf|csv|txt|json|ya?ml|zip|png|jpe?g|log|md|xlsx?|docx?|py|sarif)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
"""What people write for a thing without its noun: an address, an id, a path."""

POLITE = frozenset(pieces_of("im please can could would you will i we want would like need to lets let us kindly hey hi devin now just ok"))
QUESTION = frozenset(pieces_of("what which who whom whose how when where why is are was were do does did has have"))
LOOKING = frozenset(
    pieces_of("show list see view display check find fetch tell count read look inspect print browse enumerate get compare")
)
OWN, ONE, WHOLE = "own", "one", "whole"
"""What is spoken of: one's own organisation, another one by name, or the enterprise with all of them."""

OF_ALL = re.compile(
    r"""\b(?:enterprise|compan(?:y|ies)|firm|corporat\w+|everywhere|group-wide|company-wide|account-wide|globally
    |(?:all|any|every|each|across|other|both|several)\s+(?:of\s+)?(?:the|our|my|its)?\s*
    (?:teams?|org\w*|workspaces?|departments?|tenants?|units?)
    |whole\s+(?:business|account)|across\s+the\s+board)\b""",
    re.VERBOSE | re.IGNORECASE,
)
OF_ONE = re.compile(
    r"""\b(?:[Tt]eam|[Oo]rg|[Oo]rgani[sz]ation|[Ww]orkspace|[Dd]epartment|[Tt]enant)\s+(?:called\s+|named\s+)?['"]?[A-Z0-9]
    |\borg[-_][0-9a-z]
    |\b[A-Z]\w+(?:'s)?\s+(?:team|org|organi[sz]ation|workspace|department)\b
    |\b(?:an|one|another|that|a\s+single|some|a|which|each)\s+(?:team|organi[sz]ation|org|workspace|department)\b
    |\bthe\s+(?!team|org|work|dep|same|whole|entire|right|new|current)\w+\s+(?:team|organi[sz]ation|org|workspace|department)\b""",
    re.VERBOSE,
)
PLACES = frozenset(merged(pieces_of("team organization workspace department company enterprise firm tenant")))
PLACE = 0.7
"""What a word weighs that says whose things are meant, not what is to be done with them."""

LEAD = 1.1
"""What the verb weighs that somebody begins with."""

PHRASE = 1.2
"""What a phrase weighs that the vocabulary has, beside one word."""

OBJECTS = frozenset(pieces_of("a an the this that these those all every each some any my our its his her their me us it them about more another"))

SESSION = "session"
VERBAL = frozenset(pieces_of("it to and then can will would should must may that i you we they not also please ever"))
"""After these `run` is a verb; elsewhere it is what people say for a session, unless they begin with it."""

FOREIGN, NAMED, ASIDE = 3.0, 0.5, 0.1
"""What words count, beside others, that are of another field, that are names, and that say when or how much."""

MODIFYING = frozenset(("for", "about"))
CLAUSES = frozenset(("and", "but", "or", "so", "then"))
ASIDE_TOO = 0.4
"""What words count, beside others, that say of what something is: `the trigger for Jira tickets`."""

CARRIERS = frozenset(
    merged(
        pieces_of(
            "repository session run job agent playbook automation rule trigger schedule note folder secret blueprint build "
            "branch team organization workspace department pr tag label group user bot profile scan report page service project"
        )
    )
)
"""Nouns before which a word is most often a name: `the payments repository`."""

LIGHT = frozenset(pieces_of("give make put take have let get set do keep use bring turn go try help ask start"))
"""Verbs that say little without what follows them."""

UNDO = re.compile(
    r"\b(?:undo|un-?(?:delete|terminate|remove)\w*)\b"
    r"|(?=.*\b(?:recover|restor|reviv|revert|resurrect|reinstat|un-?archiv|(?:bring|get|roll)\w*\b.*\bback\b))"
    r".*\b(?:delet|remov|terminat|kill|eras|purg|wip|destroy|los[te]|drop|threw|thrown|ended)\w*",
    re.IGNORECASE | re.DOTALL,
)
"""What is deleted or ended stays so: no operation brings it back."""

PARTICLES = frozenset("off out away back up down in on over aside know through into apart free with".split())
GAP = 6
"""How many words may stand between a verb and its particle: `turn the rule for Slack messages off`."""

PAYLOAD = 0.5
"""What a word weighs that stands in what is to be done or written, not in what is asked of a tool."""

TURNS = tuple(
    tuple(pieces_of(text))
    for text in (
        "so that", "because", "instead of", "that we", "that our", "that the", "that it", "that i", "it should",
        "should use", "it must", "which was", "in order to", "job that", "session that", "run that", "one that",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or a phrase, of what is asked."""

    words: tuple[str, ...]
    """Its words, without those that say nothing."""
    weight: float
    meanings: tuple[Meaning, ...]
    is_phrase: bool = False
    counts: float = 1.0
    """What it counts when it is asked whether a tool has all of what is asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was read."""

    parts: tuple[Part, ...]
    is_question: bool
    """Whether it asks to be told or shown something."""
    lead: Part | None
    """The part that it begins with where it tells to do something: its verb."""
    is_undoing: bool
    """Whether something is to come back that was deleted or ended."""
    lead_is_verb: bool
    """Whether `lead` is surely a verb, by what follows."""
    has_id: bool
    """Whether it names one thing by an id, a number or a path."""
    level: str
    """What is spoken of: `OWN`, `ONE` or `WHOLE`."""


def read(query: str) -> Asked:
    """Read a query: what stands in quotes is not part of it, unless all of it does."""
    bare = QUOTED.sub(" ", query)
    text = bare if re.search(r"\w", bare) else query
    names = {word.lower() for word in re.findall(r"(?<=[\w,'] )[A-Z][\w.-]*\w", text)}
    head, colon, rest = text.partition(": ")
    text = LONE.sub(lambda found: f" {found.lastgroup} ", f"{head} xcolon {rest}" if colon else text)
    pieces = merged(pieces_of(text))
    start = next((at for at, piece in enumerate(pieces) if piece not in POLITE), 0)
    first = tuple(pieces[start : start + 2])
    question = query.rstrip().endswith("?") or (bool(first) and first[0] in QUESTION - {"when"})
    question = question and first[:1] != ("how",) or first[1:] in (("many",), ("much",), ("far",), ("long",), ("is",), ("ar",))
    pieces = [SESSION if piece == "run" and at > start and pieces[at - 1] not in VERBAL else piece for at, piece in enumerate(pieces)]
    tells = not question and not (first and first[0] in LOOKING)
    parts = [
        (at, _weighed(part, at == start, tells and at == start)) for at, part in _parts(pieces, names)
    ]
    at_start = next((part for at, part in parts if at >= start), None)
    begins = at_start is not None and [at for at, part in parts if part is at_start] == [start]
    looking = bool(at_start and begins and at_start.words and at_start.words[0] in LOOKING)
    return Asked(
        tuple(part for _, part in parts),
        question or looking or query.rstrip().endswith("?"),
        at_start if begins and not question and not looking else None,
        bool(UNDO.search(query)),
        bool(first[1:]) and first[1] in OBJECTS,
        bool(LONE.search(query)),
        WHOLE if OF_ALL.search(query) else ONE if OF_ONE.search(query) else OWN,
    )


def _weighed(part: Part, is_first: bool, is_lead: bool) -> Part:
    if is_lead and len(part.words) == 1 and not part.is_phrase:
        part = replace(part, meanings=meanings(part.words, is_lead=True))
    place = PLACE if len(part.words) == 1 and part.words[0] in PLACES else 1.0
    return replace(part, weight=part.weight * place * (LEAD if is_first else 1.0))


def _parts(pieces: list[str], names: set[str]) -> Iterator[tuple[int, Part]]:
    """Yield the parts of a text, each with the place where it begins; of phrases the longest counts."""
    at, weight, aside = 0, 1.0, 1.0
    seen: set[tuple[str, ...]] = set()
    used: set[int] = set()
    while at < len(pieces):
        if pieces[at] == "xcolon":
            weight, at = PAYLOAD, at + 1
            continue
        if pieces[at] in MODIFYING:
            aside = ASIDE_TOO
        elif pieces[at] in CLAUSES:
            aside = 1.0
        if pieces[at] == "that" and at > 2 and pieces[at - 1] not in IGNORED and pieces[at - 1] not in PARTICLES:
            weight = PAYLOAD
        if at and any(tuple(pieces[at : at + len(turn)]) == turn for turn in TURNS):
            weight = PAYLOAD
        phrase, found = _phrase(pieces, at, used)
        words = tuple(word for word in phrase if word not in IGNORED)
        if (found or words) and phrase not in seen:
            counts = 1.0
            if pieces[at + len(phrase) : at + len(phrase) + 1] and pieces[at + len(phrase)] in CARRIERS:
                counts = NAMED
            elif is_elsewhere(phrase):
                counts = FOREIGN
            elif is_parameter(phrase):
                counts = ASIDE
            elif len(phrase) == 1 and phrase[0] in names:
                counts = NAMED
            yield at, Part(words, weight * (PHRASE if len(phrase) > 1 else 1.0), found, len(phrase) > 1, counts * aside * weight)
        seen.add(phrase)
        at += 1
        while at in used:
            at += 1


def _begins_phrase(pieces: list[str], at: int) -> bool:
    return any(meanings(tuple(pieces[at:end])) for end in range(at + 2, min(at + LONGEST_PHRASE, len(pieces)) + 1))


def _phrase(pieces: list[str], at: int, used: set[int]) -> tuple[tuple[str, ...], tuple[Meaning, ...]]:
    """Return the longest phrase that begins at a place, with what it may mean, and mark what it uses."""
    for length in range(min(LONGEST_PHRASE, len(pieces) - at), 1, -1):
        phrase = tuple(pieces[at : at + length])
        if (found := meanings(phrase)) or is_elsewhere(phrase):
            used.update(range(at, at + length))
            return phrase, found
    for end in range(at + 2, min(at + GAP, len(pieces))):
        if pieces[end] in PARTICLES and not _begins_phrase(pieces, end) and (found := meanings((pieces[at], pieces[end]))):
            used.add(end)
            return (pieces[at], pieces[end]), found
    word = (pieces[at],)
    return word, () if pieces[at] in IGNORED else meanings(word)
