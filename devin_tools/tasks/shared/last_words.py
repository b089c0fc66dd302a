"""What the last message of a session says about how it stands: a question, or that the work is done.

The API says neither of a session that sleeps. Words are weak evidence, so what is concluded from them is
called likely; where they are not clear, nothing is concluded.
"""

from __future__ import annotations

import re

_NO_PROSE = re.compile(
    r"```[\s\S]*?(?:```|\Z)|`[^`\n]*`|https?://\S+|^[ \t]*#[^\n]*$|^[ \t]*\*\*[^*\n]*\*\*:?[ \t]*$", re.M
)
"""Code, links and headings: a question mark there asks nothing."""

_SENTENCE = re.compile(r"[^.!?\uff1f\n]*[.!?\uff1f\n]?")

_COURTESY = re.compile(
    r"\b(anything|something) else\b|\bany(thing)? (other |further |more |additional )?"
    r"(questions?|changes?|feedback|adjustments?|concerns?|thoughts)\b"
    r"|\b(can|could|would) (you|someone|somebody) (please )?(review|(take|have) a look)\b"
    r"(?!.{0,300}\b(before|or)\b)",
    re.I,
)
"""What is asked at the end of finished work, and waits for no answer."""

_ASKS = re.compile(
    r"\bplease (confirm|advise|choose|decide|clarify|provide|reply|answer|approve)\b"
    r"|\blet me know (which|whether|how|what|when|who|where|once)\b"
    r"|\b(waiting|wait) (for|on) (you|your|a reply|an answer|approval|confirmation|input)\b"
    r"|\bneed (you|your)\b|\b(am|i'm|is) blocked\b",
    re.I,
)

_DONE = re.compile(
    r"\b(done|completed?|finished|delivered|implemented|resolved|fixed|merged|all set"
    r"|pushed|published|posted|deployed|upgraded|migrated"
    r"|up[ -]to[ -]date|found no|no \w+ (was |were )?found"
    r"|ready (for|to) (review|merge)|here (is|are)|nothing (left )?to (do|fix|change)"
    r"|no (changes?|actions?|work|fix(es)?) (is |are |was |were )?(needed|required|necessary))\b",
    re.I,
)

_NOT_YET = re.compile(
    r"\b(not|never|cannot|unable|failed|fails|without|before|until|once|when|if|almost|nearly|partly"
    r"|partially|half|halfway|yet|will|would|could|should|must|trying|to be|i['\u2019]ll)\b"
    r"|n['\u2019]t\b",
    re.I,
)
"""What takes it back, when it stands before the word in the same sentence."""

_GOES_ON = re.compile(
    r"\b(working on|in progress|(['\u2019]ll|will) (now|then|next|continue)|next,? i|moving on to|going to"
    r"|(am|i['\u2019]m) (still |now |currently )?\w+ing"
    r"|now (testing|running|working|going|checking|looking|writing|adding)|remaining|the rest"
    r"|still (running|working|testing|failing|have|need)|continu(e|ing) with)\b",
    re.I,
)

_LONGEST = 20_000
"""How many characters of a message are looked at: its last ones."""


def asks(text: str) -> bool:
    """Return whether a message wants an answer before the work goes on."""
    return any(_is_question(sentence) for sentence in _sentences(text))


def says_done(text: str) -> bool:
    """Return whether a message says that the work is done, and nothing against it."""
    if asks(text) or _GOES_ON.search(_prose(text)):
        return False
    for sentence in _sentences(text):
        done = _DONE.search(sentence)
        if done is not None and _NOT_YET.search(sentence, 0, done.start()) is None:
            return True
    return False


def _prose(text: str) -> str:
    return _NO_PROSE.sub(" ", text[-_LONGEST:])


def _sentences(text: str) -> list[str]:
    found = (match.group().strip() for match in _SENTENCE.finditer(_prose(text)))
    return [sentence for sentence in found if sentence]


def _is_question(sentence: str) -> bool:
    if _COURTESY.search(sentence):
        return False
    return sentence.endswith(("?", "\uff1f")) or _ASKS.search(sentence) is not None
