"""What a key looks like: Devin's own, those of common services, and runs of letters that may be one.

How much must be there before a text counts as a key differs by what follows. In a log, whatever begins like a
key is one. What is about to be sent is refused for one, so there it is as long as keys are. In what others
wrote of their tools, one also has a digit: `cog_and_wheel_settings` is a word.

They are texts, but for that of the log: few processes look for more, and those compile them.
"""

from __future__ import annotations

import re

DEVIN = r"(?:cog|apk|apk_user)_"
"""How the keys of Devin begin: those of service users and persons, and the legacy ones."""

SENDABLE = r"[!#-&(-\[\]-~]"
"""A character of a key: what a header carries, but for quotes and backslashes."""

LOGGED = re.compile(rf"\b{DEVIN}[A-Za-z0-9_\-.=+/]+|(?<=Bearer )\S+")
"""What no log shows: anything that begins as a key of Devin does, and every bearer token."""

OF_SERVICES = {
    "Devin API Key": rf"\b{DEVIN}[A-Za-z0-9_-]{{16,}}",
    "GitHub Token": r"\bgithub_pat_[A-Za-z0-9_]{22,}",
    "Anthropic API Key": r"\bsk-ant-[A-Za-z0-9_-]{20,}",
    "Google API Key": r"\bAIza[A-Za-z0-9_-]{35}",
    "OpenAI API Key": r"\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}",
    "NPM Token": r"\bnpm_[A-Za-z0-9]{36}",
    "Hugging Face Token": r"\bhf_[A-Za-z0-9]{30,}",
}
"""Whole keys that no detector of detect-secrets knows."""

DETECTED = {
    "AWS Access Key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}",
    "GitHub Token (classic)": r"\bgh[pousr]_[A-Za-z0-9]{36}",
    "Private Key": r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY",
}
"""Keys that its detectors know, and that are known by their shape alone."""

WRITTEN = (
    r"(?<![A-Za-z0-9])(?:"
    rf"{DEVIN}(?=[-_.A-Za-z0-9]{{0,200}}\d)[-_.A-Za-z0-9]{{12,}}"
    r"|[spr]k[-_](?:(?:live|test|proj|ant|or)[-_][-_A-Za-z0-9]{12,}|[A-Za-z0-9]{20,})"
    r"|(?:gh[a-z]|hf|npm|pypi|glpat|github_pat|xox[a-z])[-_](?=[-_A-Za-z0-9]{0,200}\d)[-_A-Za-z0-9]{16,}"
    r"|(?:AKIA|ASIA|AIza)[-_A-Za-z0-9]{16,}"
    r"|eyJ[-_A-Za-z0-9]{8,200}\.[-_A-Za-z0-9]{8,}(?:\.[-_A-Za-z0-9]*)?"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY"
    r")|(?<=[Bb]earer )(?=[-_.~+/A-Za-z]{0,200}\d)[-_.~+/A-Za-z0-9]{12,}"
)
"""Keys in what others wrote, by their first letters: also of an example, so shorter; JSON web tokens."""

PERHAPS = (
    r"\b(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{32,}\b"
    r"|(?=(?:[A-Za-z+/]*\d){4})(?=[a-z0-9+/]*[A-Z])[A-Za-z0-9+/]{32,}={0,2}"
)
"""Long runs without meaning: identifiers or keys. Not shown, and no fault either."""


def is_devin_key(text: str) -> bool:
    """Return whether a text begins as a key of Devin does."""
    return re.match(DEVIN, text) is not None
