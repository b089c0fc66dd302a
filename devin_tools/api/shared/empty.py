"""The output of operations whose answer has no body."""

from __future__ import annotations

from typing import ClassVar

from ...tool import Output

__all__ = ["Done"]


class Done(Output):
    """That it was done: the API answers with 204 and no body."""

    from_flow: ClassVar[frozenset[str]] = frozenset({"done"})

    done: bool = True
    """That the API accepted it."""
