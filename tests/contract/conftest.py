"""The document that everything here is held against: the file, or files, that DEVIN_OPENAPI names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from contract.document import Document

NAMED = os.environ.get("DEVIN_OPENAPI")  # read now: the environment of tests is clean of settings
HOW = "to hold the tools against the vendor's document: DEVIN_OPENAPI=FILE python -m pytest tests/contract"


@pytest.fixture(scope="session")
def document() -> Document:
    """Return the document, or skip and say how to run."""
    if not NAMED:
        pytest.skip(HOW)
    paths = [Path(name) for name in NAMED.split(os.pathsep)]
    if not all(path.is_file() for path in paths):
        pytest.fail(f"DEVIN_OPENAPI names what is not a file; {HOW}", pytrace=False)
    return Document.read(*paths)
