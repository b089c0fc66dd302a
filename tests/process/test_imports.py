"""Loading what is public costs only when it is used."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"pydantic", "httpx", "jsonschema", "rich", "click", "http.server", "asyncio", "pluggy"}


def loaded_after(code: str) -> set[str]:
    command = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    output = subprocess.run(
        [sys.executable, "-W", "error", "-c", command], capture_output=True, text=True, check=True
    )
    return set(output.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_after("import devin_tools; devin_tools.__version__")
    assert loaded & HEAVY == set()
    assert {name for name in loaded if name.startswith("devin_tools")} == {
        "devin_tools",
        "devin_tools.moved",
        "devin_tools.version",
    }


def test_declarations_load_neither_the_network_nor_a_terminal() -> None:
    loaded = loaded_after("from devin_tools import CreateSession; CreateSession(prompt='x')")
    assert loaded & {"httpx", "jsonschema", "rich", "click", "http.server", "asyncio"} == set()


def test_a_client_loads_the_network_only_when_it_is_made() -> None:
    assert "httpx" not in loaded_after("from devin_tools import Client")
    assert "httpx" in loaded_after("from devin_tools import Client; Client(api_key='cog_x').close()")
