"""The output of operations whose answer has no body."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import model_validator

from ...tool import Output

__all__ = ["Done"]


class Done(Output):
    """That it was done: the API answers with 204 and no body."""

    from_flow: ClassVar[frozenset[str]] = frozenset({"done"})

    done: bool = True
    """That the API accepted it."""

    @model_validator(mode="before")
    @classmethod
    def _accept_any_answer(cls, value: Any) -> Any:
        """Take the status for the answer: of some of these operations nobody has told what body they send."""
        return value if isinstance(value, dict) else {}
