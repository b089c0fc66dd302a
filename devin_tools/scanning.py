"""Look for secrets in text that is about to be sent. The scanner is detect-secrets, and works offline."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .errors import Refused, UsageError

__all__ = ["Line", "refuse_secrets", "secrets_in"]

MAX_TOLD = 20

KEYS = {
    "Devin API Key": re.compile(r"\b(?:cog|apk|apk_user)_[A-Za-z0-9_-]{16,}"),
    "GitHub Token": re.compile(r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
    "Anthropic API Key": re.compile(r"\bsk-ant-[A-Za-z0-9_-]{20,}"),
    "Google API Key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
}
"""Keys that no detector knows."""

LEFT_ASIDE = frozenset({"IPPublicDetector"})
"""Detectors of what is no secret: version numbers look like addresses."""

ENTROPY = frozenset({"Base64HighEntropyString", "HexHighEntropyString"})

BARE = re.compile(r"(\s*(?:export\s+|set\s+)?[\w.-]+\s*[=:]\s*)([^\s\"'#]+)\s*")
"""A name and a value without quotes, and nothing else."""

NO_PROGRAMS = frozenset({"OTHER", "EXAMPLE", "YAML", "CONFIG", "INI", "PROPERTIES", "TOML"})
"""The scanner's kinds of files in which such a value is text, and no variable."""

MAX_LINE, OVERLAP = 4_000, 500
"""A longer line is none that a person wrote: it is scanned in pieces that overlap."""

GAP = re.compile(r"\s{9,}")
"""Blanks without end, which some detectors take a time for that grows with their square."""

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and where it stands."""

    name: str
    number: int
    text: str


def refuse_secrets(lines: Iterable[Line]) -> None:
    """Raise `Refused` when a line looks like a secret: with its place, never with the line.

    Raises `UsageError` when the scanner is not installed: nothing is sent unscanned.
    """
    places = {(f"{line.name}, line {line.number}", kind): None for line, kind in secrets_in(lines)}
    found = [{"path": place, "reason": kind} for place, kind in places]
    if not found:
        return
    told = ", ".join(f"{item['path']} ({item['reason']})" for item in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    raise Refused(
        f"Nothing was sent, because something looks like a secret: {told}{more}.",
        hint="Take it out, or mark a false alarm with `pragma: allowlist secret` on its line.",
        details=found[:MAX_TOLD],
    )


def secrets_in(lines: Iterable[Line]) -> list[tuple[Line, str]]:
    """Find the lines that look like secrets, each with the kind of secret.

    Raises `UsageError` when the scanner is not installed.
    """
    try:
        from detect_secrets.settings import transient_settings
    except ImportError:
        raise UsageError(
            "Nothing was sent: it is scanned for secrets first, and the scanner is missing.",
            hint="Run `pip install 'devin-tools[handoff]'`, or `'devin-tools[pipelines]'`.",
        ) from None
    found: dict[tuple[Line, str], None] = {}
    # Its settings belong to the whole process. These keep it offline: no finding is verified with anyone.
    with _lock, transient_settings({"plugins_used": [], "filters_used": []}):
        scanner = _Scanner()
        for line in lines:
            for piece in _pieces(line.text):
                for kind in scanner.kinds(line.name, piece):
                    found[line, kind] = None
    return list(found)


def _pieces(text: str) -> Iterator[str]:
    text = GAP.sub(" " * 8, text)
    for start in range(0, max(1, len(text)), MAX_LINE - OVERLAP):
        yield text[start : start + MAX_LINE]


class _Scanner:
    """The detectors of detect-secrets, and its rules against false alarms."""

    def __init__(self) -> None:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
        from detect_secrets.filters import allowlist, heuristic
        from detect_secrets.util.code_snippet import get_code_snippet
        from detect_secrets.util.filetype import determine_file_type

        kinds: list[Any] = list(get_mapping_from_secret_type_to_class().values())
        self._detectors = [kind() for kind in kinds if kind.__name__ not in LEFT_ASIDE]
        self._allowlist, self._heuristic = allowlist, heuristic
        self._snippet, self._type = get_code_snippet, determine_file_type

    def kinds(self, name: str, text: str) -> Iterator[str]:
        """Name the kinds of secrets that a line of a file looks like."""
        snippet = self._snippet([text], 1)
        if self._allowlist.is_line_allowlisted(name, text, snippet):
            return
        yield from (kind for kind, pattern in KEYS.items() if pattern.search(text))
        for variant in self._variants(name, text):
            for detector in self._detectors:
                if self._is_aside(detector, name, variant):
                    continue
                for secret in detector.analyze_line(
                    filename=name, line=variant, line_number=1, context=snippet
                ):
                    if not self._is_false_alarm(secret.secret_value or "", variant, detector):
                        yield str(secret.type)

    def _variants(self, name: str, text: str) -> Iterator[str]:
        """Give a line; where it is an assignment without quotes, give it with them too.

        Most detectors look at quoted values only, and files such as `.env` have none.
        """
        yield text
        match = BARE.fullmatch(text)
        if match and self._type(name).name in NO_PROGRAMS:
            yield f'{match[1]}"{match[2]}"'

    def _is_aside(self, detector: Any, name: str, text: str) -> bool:
        """Say whether a detector has nothing to look for: lock files are full of digests."""
        kind = type(detector).__name__
        is_digest = kind in ENTROPY and self._heuristic.is_lock_file(name)
        return is_digest or (kind == "KeywordDetector" and self._heuristic.is_indirect_reference(text))

    def _is_false_alarm(self, value: str, line: str, detector: Any) -> bool:
        rules = self._heuristic
        return bool(
            rules.is_sequential_string(value)
            or rules.is_potential_uuid(value)
            or rules.is_likely_id_string(value, line, detector)
            or rules.is_templated_secret(value)
            or rules.is_prefixed_with_dollar_sign(value)
            or rules.is_not_alphanumeric_string(value)
        )
