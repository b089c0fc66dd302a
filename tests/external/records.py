"""What is recorded of the last green run of a group, and whether the group has to run again.

A record is written by `noxfile.py` alone, after a green run, when all inputs were committed. It holds the
digest of the inputs, the commit, and how many tests passed and were skipped. A group runs again when its
record is missing, when an input differs, or when the record cannot be believed: its seal does not fit its
text, its commit is not in the history, or the inputs at that commit have another digest than it says.

The seal is a checksum and not a signature: it shows a record that was edited by hand, not a forged one.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from external.groups import Group

__all__ = ["RECORDS", "digest", "matches", "owed", "seal", "sealed", "write"]

ROOT = Path(__file__).resolve().parents[2]
RECORDS = Path(__file__).with_name("records")


def owed(name: str, group: Group) -> str:
    """Return why a group has to run, as a phrase; an empty text where its record holds."""
    path = RECORDS / f"{name}.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "no green run is on record"
    if not sealed(record):
        return f"{path.name} was edited by hand"
    if record["digest"] != digest(group):
        return "an input changed: " + ", ".join(_changed(record["commit"], group)[:4])
    try:
        then = digest(group, record["commit"])
    except subprocess.CalledProcessError:
        return f"the commit of {path.name} is not in this history"
    return "" if then == record["digest"] else f"{path.name} does not fit its commit"


def write(name: str, group: Group, *, passed: int, skipped: int, versions: str) -> str:
    """Record a green run; return why not, where inputs are not committed or no test ran."""
    commit = _git("rev-parse", "HEAD").strip()
    now = digest(group)
    if not passed:
        return "no test passed"
    if now != digest(group, commit):
        return "not all inputs are committed"
    record: dict[str, Any] = {
        "commit": commit, "digest": now, "passed": passed, "skipped": skipped, "versions": versions
    }  # fmt: skip
    record["seal"] = seal(record)
    RECORDS.mkdir(exist_ok=True)
    text = json.dumps(record, indent=2) + "\n"
    (RECORDS / f"{name}.json").write_text(text, encoding="utf-8")
    return ""


def digest(group: Group, commit: str = "") -> str:
    """Return the digest of a group's inputs and requirements, as they are now or at a commit."""
    blobs = _blobs(group, commit)
    lines = [f"{path} {blob}" for path, blob in sorted(blobs.items())]
    return hashlib.sha256("\n".join([*lines, _requirements(group, commit)]).encode()).hexdigest()


def matches(group: Group, path: str) -> bool:
    """Whether a path of this repository is an input of a group."""
    return bool(_matching(group, [(path, "")]))


def sealed(record: Any) -> bool:
    """Whether a record has the seal of its text."""
    return isinstance(record, dict) and record.get("seal") == seal(record)


def seal(record: dict[str, Any]) -> str:
    """Return the checksum of a record's text."""
    body = {key: value for key, value in record.items() if key != "seal"}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def _changed(commit: str, group: Group) -> list[str]:
    try:
        then = _blobs(group, commit)
    except subprocess.CalledProcessError:
        return ["its commit is not in this history"]
    now = _blobs(group)
    different = sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path))
    return different or ["what it installs"]


def _blobs(group: Group, commit: str = "") -> dict[str, str]:
    """Return the inputs with the hash that git has for the content of each."""
    if commit:
        listed = (line.split(maxsplit=3) for line in _git("ls-tree", "-r", commit).splitlines())
        return _matching(group, ((path, blob) for _, _, blob, path in listed))
    paths = [path for path, _ in _matching(group, ((path, "") for path in _tracked())).items()]
    paths = [path for path in paths if (ROOT / path).is_file()]
    hashes = _git("hash-object", "--stdin-paths", given="\n".join(paths)).split() if paths else []
    return dict(zip(paths, hashes, strict=True))


def _tracked() -> list[str]:
    return _git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()


def _matching(group: Group, found: Iterable[tuple[str, str]]) -> dict[str, str]:
    pattern = _pattern((*group.inputs, *group.tests))
    return {path: blob for path, blob in found if pattern.fullmatch(path)}


@cache
def _pattern(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_regex, globs)))


def _regex(glob: str) -> str:
    """Translate a glob; a folder stands for all that is in it."""
    parts = re.split(r"(\*\*|\*)", glob)
    text = "".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)
    return text if re.search(r"\.\w+$|\*$", glob) else f"{text}/.*"


def _requirements(group: Group, commit: str) -> str:
    """Return what the group installs: of pyproject.toml, only the bounds of packages are an input."""
    text = (
        _git("show", f"{commit}:pyproject.toml") if commit else (ROOT / "pyproject.toml").read_text("utf-8")
    )
    project = tomllib.loads(text)["project"]
    extras = {name: project["optional-dependencies"].get(name) for name in sorted(("test", *group.extras))}
    return json.dumps(
        [project["dependencies"], extras, group.packages, dict(group.npm), group.options], sort_keys=True
    )


def _git(*words: str, given: str | None = None) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotePath=off", *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
