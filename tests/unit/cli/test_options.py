"""A simulated command leaves the environment out, but for what it says of the files of this machine."""

from __future__ import annotations

import pytest

from devin_tools.cli.options import Options
from devin_tools.errors import MissingSetting


def test_a_simulated_command_is_bound_by_the_settings_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "FILE_ROOT": "/srv",
        "DOWNLOAD_FOLDER": "inbox",
        "FILE_OVERWRITE": "1",
        "READ_ONLY": "1",
        "MAX_TRIES": "odd",
    }
    for name, value in variables.items():
        monkeypatch.setenv(f"DEVIN_{name}", value)
    settings = Options(simulate=True).settings
    assert (settings.file_root, settings.download_folder, settings.file_overwrite) == ("/srv", "inbox", True)
    assert not settings.read_only and settings.max_tries == 5


def test_a_setting_for_files_that_is_malformed_is_refused_when_simulated_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEVIN_FILE_OVERWRITE", "CANARY")
    with pytest.raises(MissingSetting, match="DEVIN_FILE_OVERWRITE") as caught:
        _ = Options(simulate=True).settings
    assert "CANARY" not in str(caught.value)


def test_without_settings_nothing_is_replaced_and_downloads_have_a_folder() -> None:
    settings = Options(simulate=True).settings
    assert (settings.file_root, settings.download_folder, settings.file_overwrite) == (
        ".",
        "devin-downloads",
        False,
    )
