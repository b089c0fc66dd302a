"""Laws: a test that holds for every case is one item, and names every case for which it does not hold.

    @for_every("spec", tools)
    def test_every_name_is_legal(spec: Spec) -> None: ...

`tools` is called when the test runs, so collecting costs nothing that grows with the number of tools.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

__all__ = ["for_every"]

SHOWN_WHOLE = 3
"""How many offenders are shown with the lines that failed; of the others, only the reason."""

Law = Callable[..., None]


def for_every(names: str, cases: Callable[[], Iterable[Any]]) -> Callable[[Law], Law]:
    """Make a test of one item that runs for every case, and fails with all the cases it does not hold for.

    `names` are the parameters that a case fills, as in `pytest.mark.parametrize`: one, or several with
    commas for cases that are tuples. The other parameters are fixtures, made once for all cases.
    """
    parameters = [name.strip() for name in names.split(",")]

    def walk_all(law: Law) -> Law:
        def walk(**fixtures: Any) -> None:
            count, problems = 0, []
            for case in cases():
                count += 1
                values = tuple(case) if len(parameters) > 1 else (case,)
                try:
                    law(**dict(zip(parameters, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    problems.append((", ".join(map(_name, values)), error))
            assert count, "There is no case to hold for."
            if problems:
                pytest.fail(_told(problems, count), pytrace=False)

        functools.update_wrapper(walk, law)
        del walk.__wrapped__  # type: ignore[attr-defined]  # pytest would look for the law's own parameters
        signature = inspect.signature(law)
        fixtures = [p for name, p in signature.parameters.items() if name not in parameters]
        walk.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return walk

    return walk_all


def _name(value: Any) -> str:
    if isinstance(value, Path):
        return value.name
    name = getattr(value, "name", None) or getattr(value, "__name__", None)
    return str(name or repr(value)[:60])


def _told(problems: list[tuple[str, BaseException]], count: int) -> str:
    parts = [f"{len(problems)} of {count} cases:"]
    for number, (name, error) in enumerate(problems):
        if number < SHOWN_WHOLE:
            shown = pytest.ExceptionInfo.from_exception(error).getrepr(style="short")
            parts.append(f"\n--- {name}\n{shown}")
        else:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            parts.append(f"--- {name}: {reason[0]}")
    return "\n".join(parts)
