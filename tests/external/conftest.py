"""What tests of foreign systems start from, beside what every test starts from."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sample_repository import sample_repository


@pytest.fixture
def folder_for_files(folder_for_files: Path) -> Path:
    """Put a repository into the folder too: here every tool is called, and one hands a repository over."""
    sample_repository(folder_for_files / "shop")
    return folder_for_files
