"""Look for secrets in text that is about to be sent. The scanner is detect-secrets, and works offline."""

from __future__ import annotations

import base64
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import Refused, UsageError, needs_extra
from .keys import DETECTED, OF_SERVICES

MAX_TOLD = 20

KEYS = {kind: re.compile(form) for kind, form in OF_SERVICES.items()} | {
    "Authorization Header": re.compile(
        r"(?i)\b(?:(?:proxy-)?authorization[\"']{0,2}\s{0,8}[:=]\s{0,8}[\"']?(?:bearer|basic|token)\s{1,8}"
        r"|bearer\s{1,8}(?=[\w.~+/-]{0,80}\d))[\w.~+/-]{16,}"
    ),
    "Cookie": re.compile(
        r"(?i)\bcookie[\"']{0,2}\s{0,8}[:=][^\r\n]{0,200}?[\w.-]=(?=[\w.~%+/-]{0,80}\d)[\w.~%+/-]{16,}"
    ),
}
"""What no detector knows."""

SHAPED = {kind: re.compile(form) for kind, form in (OF_SERVICES | DETECTED).items()}
"""Keys that are known by their shape alone, also where a text hides it."""

BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{24,}")
"""What could be base64 of a key."""

SPLIT_RUN = re.compile(r"\b[A-Za-z0-9_-]{2,12}(?:\s[A-Za-z0-9_-]{2,12}){2,}\b")
"""What could be a key in pieces."""

MIN_LENGTH = 6
"""A shorter line holds no secret that a scanner could know."""

IGNORED_DETECTORS = frozenset({"IPPublicDetector"})
"""Detectors of what is not a secret: version numbers look like addresses."""

ENTROPY = frozenset({"Base64HighEntropyString", "HexHighEntropyString"})

UNQUOTED = re.compile(r"(\s*(?:export\s+|set\s+)?[\w.-]+\s*[=:]\s*)([^\s\"'#]+)\s*")
"""A name and a value without quotes, and nothing else."""

TEXT_FILE_TYPES = frozenset({"OTHER", "EXAMPLE", "YAML", "CONFIG", "INI", "PROPERTIES", "TOML"})
"""The scanner's kinds of files in which such a value is text, and no variable."""

MAX_LINE, OVERLAP = 4_000, 500
"""A longer line is none that a person wrote: it is scanned in pieces that overlap."""

LONG_BLANK = re.compile(r"\s{9,}")
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


def secrets_in(lines: Iterable[Line], *, trusts_marks: bool = True) -> list[tuple[Line, str]]:
    """Find the lines that look like secrets, each with the kind of secret.

    `pragma: allowlist secret` on a line is believed unless `trusts_marks` says that anybody wrote it.
    Raises `UsageError` when the scanner is not installed.
    """
    try:
        from detect_secrets.settings import transient_settings
    except ImportError:
        raise UsageError(
            "Nothing was sent: it is scanned for secrets first, and the scanner is missing.",
            hint=needs_extra("handoff", "pipelines"),
        ) from None
    found: dict[tuple[Line, str], None] = {}
    # Its settings belong to the whole process. These keep it offline: no finding is verified with anyone.
    with _lock, transient_settings({"plugins_used": [], "filters_used": []}):
        scanner, before = _Scanner(trusts_marks), Line("", 0, "")
        for line in lines:
            for piece in _pieces(line.text) if len(line.text) >= MIN_LENGTH else ():
                for kind in scanner.kinds(line.name, piece):
                    found[line, kind] = None
            if not trusts_marks and line.name == before.name:
                for kind in _across(before.text, line.text):
                    found[before, kind] = found[line, kind] = None
            before = line
    return list(found)


def _across(first: str, second: str) -> Iterator[str]:
    """Name the keys that two lines hold together and neither holds alone."""
    first, second = first.rstrip()[-OVERLAP:], second.lstrip()[:OVERLAP]
    for kind, pattern in SHAPED.items():
        for match in pattern.finditer(first + second):
            if match.start() < len(first) < match.end() and not pattern.search(first) and _is_mixed(match[0]):
                yield kind


def _is_mixed(text: str) -> bool:
    """Return whether a text is as keys are, and words that happen to stand together are not."""
    return any(char.isdigit() for char in text) and any(char.isupper() for char in text)


def _hidden(text: str) -> Iterator[str]:
    """Name the keys that stand in a text in another form: wide, in pieces, in base64."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{REPLACEMENT CHARACTER}", "")
    joined = (re.sub(r"\s", "", match[0]) for match in SPLIT_RUN.finditer(plain))
    packed = (_unpacked(match[0]) for match in BASE64_RUN.finditer(plain))
    for form in (plain, *joined, *packed):
        for kind, pattern in SHAPED.items():
            if (match := pattern.search(form)) and (form is plain or _is_mixed(match[0])):
                yield kind


def _unpacked(text: str) -> str:
    raw = text.replace("-", "+").replace("_", "/")
    raw = raw[: len(raw) // 4 * 4] if len(raw) % 4 == 1 else raw + "=" * (-len(raw) % 4)
    return base64.b64decode(raw).decode("latin-1")


def _pieces(text: str) -> Iterator[str]:
    text = LONG_BLANK.sub(" " * 8, text)
    for start in range(0, max(1, len(text)), MAX_LINE - OVERLAP):
        yield text[start : start + MAX_LINE]


class _Scanner:
    """The detectors of detect-secrets, and its rules against false alarms."""

    def __init__(self, trusts_marks: bool) -> None:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
        from detect_secrets.filters import allowlist, heuristic
        from detect_secrets.util.code_snippet import get_code_snippet
        from detect_secrets.util.filetype import determine_file_type

        kinds: list[Any] = list(get_mapping_from_secret_type_to_class().values())
        self._detectors = [kind() for kind in kinds if kind.__name__ not in IGNORED_DETECTORS]
        self._allowlist, self._heuristic = allowlist, heuristic
        self._snippet, self._type = get_code_snippet, determine_file_type
        self._trusts_marks = trusts_marks

    def kinds(self, name: str, text: str) -> Iterator[str]:
        """Name the kinds of secrets that a line of a file looks like."""
        snippet = self._snippet([text], 1)
        if self._trusts_marks and self._allowlist.is_line_allowlisted(name, text, snippet):
            return
        yield from (kind for kind, pattern in KEYS.items() if pattern.search(text))
        if not self._trusts_marks:  # whoever hides a key in a file of their own means to send it
            yield from _hidden(text)
        for variant in self._variants(name, text):
            for detector in self._detectors:
                if self._is_ignored(detector, name, variant):
                    continue
                for secret in detector.analyze_line(
                    filename=name, line=variant, line_number=1, context=snippet
                ):
                    if not self._is_false_alarm(secret.secret_value or "", variant, detector):
                        yield str(secret.type)

    def _variants(self, name: str, text: str) -> Iterator[str]:
        """Yield a line; where it is an assignment without quotes, also with them.

        Most detectors look at quoted values only, and files such as `.env` have none.
        """
        yield text
        match = UNQUOTED.fullmatch(text)
        if match and self._type(name).name in TEXT_FILE_TYPES:
            yield f'{match[1]}"{match[2]}"'

    def _is_ignored(self, detector: Any, name: str, text: str) -> bool:
        """Return whether a detector has nothing to look for: lock files are full of digests."""
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
