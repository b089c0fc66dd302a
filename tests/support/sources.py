"""The sources of the package, read and parsed once for all laws that ask something of them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from support.paths import PACKAGE

__all__ = ["sources", "text_of", "tree_of"]


@cache
def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))
