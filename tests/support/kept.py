"""A place for a secret, outside of the folders that tests send files from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["new_place"]


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return a folder that goes with this process."""
    return TemporaryDirectory()


def new_place() -> str:
    """Return the path of a file that is not there: what a test before this one kept there is gone."""
    path = Path(_folder().name) / "key"
    path.unlink(missing_ok=True)
    return str(path)
