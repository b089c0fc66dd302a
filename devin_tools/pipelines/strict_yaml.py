"""YAML as plain data, with the line that each value stands in.

Strict where YAML is not: a name may stand once, only `true` and `false` are truth values, dates stay text,
and nothing is merged. So what a file says is what a reader of it sees. PyYAML parses; its constructors, and
those of round-trip libraries, do the opposite of these rules, and do not bound what anchors stand for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..errors import BadRules, UsageError, needs_extra

MAX_CHARACTERS = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 50

TOO_MUCH = "holds too much, or is nested too deeply"

Place = tuple[str | int, ...]

WORDS = {"true": True, "True": True, "false": False, "False": False, "null": None, "~": None, "": None}
TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}
"""What the YAML reader says of values without a tag."""

INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")


@dataclass
class ParsedYaml:
    """Plain data, and where each part of it stands."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    nodes: int = 0
    """How many values there are; one that an anchor stands for counts each time."""

    def line(self, place: Place) -> int:
        """Return the line of a value; of one that is not there, the line of what should hold it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)

    def _take(self, node: Any, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        self.nodes += 1
        if self.nodes > MAX_NODES or len(place) > MAX_DEPTH:  # a few anchors can stand for billions of values
            raise _bad(line, "", TOO_MUCH)
        if node.tag not in TAGS:
            raise _bad(line, "", "has a tag, and tags are not supported")
        if node.id == "mapping":
            return self._mapping(node, place)
        if node.id == "sequence":
            return [self._take(item, (*place, number)) for number, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: Any, place: Place) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if key.id == "scalar" else None
            if name is None or name == "<<":
                raise _bad(line, "", "has a key that is not plain text")
            if name in taken:
                raise _bad(line, name, "is given a second time")
            self.lines[(*place, name)] = line
            taken[name] = self._take(value, (*place, name))
        return taken


def parse_yaml(text: str) -> ParsedYaml:
    """Return the values of a YAML text; raise `BadRules` with the line of what is wrong.

    A text has at most 1,000,000 characters, 100,000 values, and 50 levels.
    """
    try:
        import yaml
    except ImportError:
        raise UsageError("The YAML reader is missing.", hint=needs_extra("pipelines")) from None
    if len(text) > MAX_CHARACTERS:
        raise BadRules(f"The file is longer than {MAX_CHARACTERS:,} characters.")
    try:
        node = yaml.compose(text, Loader=_shallow(yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _bad(line, "", f"is not valid YAML: {error.problem or 'it does not end'}") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise BadRules(
            "The file is not valid YAML: it is nested too deeply, or holds control characters."
        ) from None
    parsed = ParsedYaml()
    parsed.value = None if node is None else parsed._take(node, ())
    return parsed


def _shallow(loader: Any) -> Any:
    """Return a loader that refuses what is too deep or too much while it reads: deep text takes time."""

    class Shallow(loader):  # type: ignore[misc]
        depth = nodes = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth, self.nodes = self.depth + 1, self.nodes + 1
            if self.depth > MAX_DEPTH + 1 or self.nodes > MAX_NODES:
                raise _bad(self.line + 1, "", TOO_MUCH)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    return Shallow


def _scalar(node: Any) -> Any:
    text = str(node.value)
    if node.style is not None:  # quoted, or a block
        return text
    if text in WORDS:
        return WORDS[text]
    if INT.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def _bad(line: int, name: str, reason: str) -> BadRules:
    where = f"{name[:64]} " if name else ""
    return BadRules(
        f"Line {line}: {where}{reason}.", details=[{"line": line, "path": name[:64], "reason": reason}]
    )
