"""A workspace for the action, with devin-tools where its first step would have installed it."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.action_runner import KEY, ROOT, Played, Runner
from support.shell import in_place_of_the_network

from devin_tools import Simulator


@pytest.fixture(scope="session")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the environment that the action makes, from what the tests run with: without the registry."""
    folder = tmp_path_factory.mktemp("runner")
    home = folder / "devin-tools"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own = Path(sysconfig.get_paths()["purelib"])
    (home / "lib" / version / "site-packages" / "all.pth").write_text(
        f"import site; site.addsitedir({str(own)!r})\n"
    )
    (home / "installed.txt").write_text(str(ROOT))
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Make the folder of the job."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=1)


@pytest.fixture
def play(temporary: Path, workspace: Path, simulator: Simulator) -> Iterator[Callable[..., Played]]:
    """Return a function that plays the action here against the simulator, with inputs by name."""
    given = {"api_key": KEY, "org_id": simulator.world.org_id}
    with in_place_of_the_network(simulator):
        yield lambda **inputs: Runner(temporary, workspace, in_bash=False).play(**given | inputs)


@pytest.fixture
def play_in_bash(temporary: Path, workspace: Path, simulator: Simulator) -> Iterator[Callable[..., Played]]:
    """Return a function that plays the action in bash, as GitHub does, against the served simulator."""
    with simulator.serve() as server:
        given = {"base_url": server.url, "api_key": KEY, "org_id": simulator.world.org_id}
        yield lambda **inputs: Runner(temporary, workspace, in_bash=True).play(**given | inputs)
