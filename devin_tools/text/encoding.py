"""Text that UTF-8 cannot encode: where a value holds some, and the value with it replaced. Pure.

A lone surrogate (U+D800 to U+DFFF) is half of a character. A JSON escape can write one, and so can Python;
whoever reads the text as UTF-8, as most do, refuses all that is around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeAlias

from pydantic import SecretStr

from ..errors import InvalidArguments

LONE_SURROGATE = "holds half of a character (a lone surrogate), which UTF-8 cannot encode"

MAX_NESTING = 100
"""Lists and objects within each other. Much deeper, parsers and validators differ in what they do."""

TOO_DEEP = f"is nested too deeply: more than {MAX_NESTING} lists and objects within each other"

Location: TypeAlias = "tuple[int | str, ...]"

_LONE = re.compile("[\ud800-\udfff]")


def decoded(content: bytes) -> str:
    """Return the text of a file that a person wrote, with `\\n` at the ends of its lines.

    It is UTF-8, or UTF-16 or UTF-32, as PowerShell and editors on Windows write it; a byte order mark is not
    part of it. Raises `UnicodeDecodeError`.
    """
    text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def replaced(text: str) -> str:
    """Return a text that can be encoded: U+FFFD stands for each lone surrogate."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def is_plain(value: Any) -> bool:
    """Return whether a value is a dict of ASCII text and numbers, as the arguments of most calls are.

    Nothing odd can be in it, and this costs a fraction of looking for what is odd.
    """
    if type(value) is not dict:
        return False
    for key, part in value.items():
        if not (isinstance(key, str) and key.isascii()):
            return False
        if isinstance(part, str):
            if not part.isascii():
                return False
        elif part is not None and not isinstance(part, int | float):
            return False
    return True


def unencodable(value: Any) -> list[Location]:
    """List where a value, or what it holds at any depth, is text that cannot be encoded.

    It walks without recursion, and looks at a container once: depth and cycles are judged elsewhere.
    """
    found: list[Location] = []
    seen: set[int] = set()
    left: list[tuple[Location, Any]] = [((), value)]
    while left:
        where, part = left.pop()
        if isinstance(part, SecretStr):
            part = part.get_secret_value()
        if isinstance(part, str):
            if not part.isascii() and _LONE.search(part):
                found.append(where)
        elif isinstance(part, Mapping | list | tuple | set | frozenset) and id(part) not in seen:
            seen.add(id(part))
            for name, key, inner in _parts(part):
                if isinstance(key, str) and key is not name:
                    found.append((*where, name))
                left.append(((*where, name), inner))
    return found[::-1]


def nested_too_deeply(value: Any) -> Location | None:
    """Find the first part of a value that holds too many lists and objects within each other."""
    level: list[tuple[Location, Any]] = []
    if isinstance(value, Mapping):
        level = [((name,), part) for name, _, part in _parts(value)]
    holders: dict[int, tuple[Location, Any]] = {}
    for _ in range(MAX_NESTING + 1):
        holders = {id(part): (top, part) for top, part in level if isinstance(part, Mapping | list | tuple)}
        if not holders:
            return None
        level = [(top, part) for top, holder in holders.values() for _, _, part in _parts(holder)]
    return next(iter(holders.values()))[0]


def format_location(where: Location) -> str:
    """Return a location as text: `tags[0].name`."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{replaced(str(part))[:64]}"
    return text.lstrip(".")


def require_encodable(value: Any) -> None:
    """Raise `InvalidArguments`, with each place, when a value that is to be sent cannot be encoded.

    Arguments are held to it when a call is made; this is for what was built or changed since.
    """
    if is_plain(value):
        return
    if places := [format_location(where) or "arguments" for where in unencodable(value)]:
        details = [{"path": place, "reason": LONE_SURROGATE} for place in places[:20]]
        raise InvalidArguments(f"{places[0]} {LONE_SURROGATE}.", details=details)


def _parts(value: Mapping[Any, Any] | Iterable[Any]) -> Iterator[tuple[int | str, Any, Any]]:
    """Yield the name to show for each key of a container, the key, and the part."""
    if not isinstance(value, Mapping):
        yield from ((number, number, part) for number, part in enumerate(value))
        return
    for key, part in value.items():
        yield (replaced(key) if isinstance(key, str) else str(key)), key, part


def parse_json(text: str | bytes, *, is_strict: bool = True) -> Any:
    """Parse JSON of others; a strict reading refuses `NaN` and `Infinity`, which Python takes for numbers.

    Raises `json.JSONDecodeError` with the place of a fault, and `ValueError` for all else that is not JSON.
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")  # a byte order mark, where a file became an argument
    try:
        return json.loads(text, parse_constant=_refuse_constant if is_strict else None)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:  # a constant, or a number with thousands of digits
        raise ValueError("it holds a number that JSON does not have") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def load_json(content: bytes, *, is_strict: bool = False) -> tuple[Any, list[Location]]:
    """Read JSON whatever its text is like; return it with the places where U+FFFD stands for other text.

    Bytes that are not UTF-8 count as lone surrogates do. Raises what `parse_json` does.
    """
    encoding = json.detect_encoding(content)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "surrogatepass"
    value = parse_json(content.decode(encoding, errors), is_strict=is_strict)
    places = unencodable(value)
    return (_without(value), places) if places else (value, places)


def _without(value: Any) -> Any:
    if isinstance(value, str):
        return replaced(value)
    if isinstance(value, list):
        return [_without(part) for part in value]
    if isinstance(value, dict):
        return {replaced(key): _without(part) for key, part in value.items()}
    return value
