"""The document that everything here is held against: the file that DEVIN_OPENAPI names."""

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
    if not (path := Path(NAMED)).is_file():
        pytest.fail(f"DEVIN_OPENAPI names no file; {HOW}", pytrace=False)
    return Document.read(path)
