"""A large file goes up and comes down in little memory, on both sides of a socket: `nox -s load`."""

from __future__ import annotations

import asyncio
import hashlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from devin_tools import AsyncClient, Client, Simulator, load_catalog
from devin_tools.api import UploadAttachment

SIZE = 1024**3
BLOCK = os.urandom(1024 * 1024)
ROOM = 64 * 1024 * 1024
"""How much more memory the transfers may take than there was before them."""

SERVER = """
import resource, sys
from devin_tools import Simulator
with Simulator().serve() as server:
    print(server.url, server.simulator.world.org_id, flush=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdin.read()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        for _ in range(SIZE // len(BLOCK)):
            file.write(BLOCK)
    return path


def download_of(url: str | None, name: str):
    arguments = {"file_id": url, "save_as": name, "max_bytes": SIZE}
    return load_catalog(plugins=()).call("devin_download_attachment", arguments)


async def there_and_back(path: Path, **options: str) -> None:
    async with AsyncClient(**options) as client:
        sent = await client.run(UploadAttachment(path=path.name))
        await client.run(download_of(sent.url, "async.bin"))


def test_a_gigabyte_passes_up_and_down_in_little_memory(large: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with server:
        url, org_id = server.stdout.readline().split()
        options = {
            "api_key": "cog_x",
            "org_id": org_id,
            "base_url": url,
            "file_root": str(large.parent),
            "download_folder": ".",
        }
        before = peak()
        with Client(**options) as client:
            sent = client.run(UploadAttachment(path="large.bin"))
            client.run(download_of(sent.url, "sync.bin"))
        assert (peak() - before) * 1024 < ROOM
        assert digest(large.parent / "sync.bin") == digest(large)
        (large.parent / "sync.bin").unlink()
        asyncio.run(there_and_back(large, **options))
        assert (peak() - before) * 1024 < ROOM
        assert digest(large.parent / "async.bin") == digest(large)
        out, _ = server.communicate()
    assert int(out) * 1024 < ROOM


def test_a_gigabyte_passes_through_the_simulator_in_process(large: Path) -> None:
    before = peak()
    with Client(**Simulator().connection(), file_root=str(large.parent), download_folder=".") as client:
        sent = client.run(UploadAttachment(path="large.bin"))
        client.run(download_of(sent.url, "back.bin"))
    assert (peak() - before) * 1024 < ROOM
    assert digest(large.parent / "back.bin") == digest(large)
