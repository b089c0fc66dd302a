"""Files go up and come down whole through a socket as well."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.simulated_api import simulated
from support.tools import built_in

from devin_tools.api import UploadAttachment

CONTENT = random.Random(7).randbytes(700_000)


def test_a_file_comes_back_as_it_went_through_a_socket(
    with_client: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.bin").write_bytes(CONTENT)

    async def there_and_back(perform: Any) -> Any:
        sent = await perform("run", UploadAttachment(path="data.bin"))
        download = built_in().call("devin_download_attachment", {"file_id": sent.url, "folder": "down"})
        return await perform("run", download)

    simulator = simulated()
    with simulator.serve() as server:
        options = {"org_id": simulator.world.org_id, "base_url": server.url, "transport": None}
        saved = with_client(None, there_and_back, **options)
    assert Path(saved.path).read_bytes() == CONTENT
