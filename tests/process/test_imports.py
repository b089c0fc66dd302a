"""Loading what is public costs only when it is used."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support.paths import PACKAGE

from devin_tools.lazy_models import DEFERS

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


SENT = """
from devin_tools import Client, GetSelf
from devin_tools.errors import ConnectionFailed
client = Client(api_key="cog_x", org_id="org-1", base_url="http://127.0.0.1:9", max_tries=1)
before = "httpx" in sys.modules
try:
    client.run(GetSelf())
except ConnectionFailed:
    print("before" if before else "after")
"""


def test_a_client_loads_the_network_only_when_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)  # a proxy is looked at when the client is made
    assert "httpx" not in loaded_after("from devin_tools import Client; Client(api_key='cog_x').close()")
    assert {"after", "httpx"} <= loaded_after(SENT)


def test_a_call_loads_its_resource_and_what_that_stands_on_alone() -> None:
    every = {f"devin_tools.api.{path.stem}" for path in (PACKAGE / "api").glob("[a-z]*.py")}
    loaded = loaded_after("from devin_tools import CreateSession") & every
    assert loaded == {"devin_tools.api.create_session", "devin_tools.api.session"}
    assert loaded_after("from devin_tools.api import ListSecrets") & every == {"devin_tools.api.secrets"}
    assert not loaded_after("import devin_tools.tasks") & every


def test_a_client_for_threads_loads_no_event_loop_and_no_catalog() -> None:
    loaded = loaded_after("from devin_tools import Client; Client(api_key='cog_x', org_id='org-1').close()")
    assert (
        loaded & {"asyncio", "jsonschema", "subprocess", "devin_tools.export", "devin_tools.tasks"} == set()
    )


@pytest.mark.skipif(not DEFERS, reason="this pydantic builds models when they are made")
def test_models_of_the_package_are_not_built_when_they_are_imported() -> None:
    code = "from devin_tools import CreateSession, Session; "
    code += "assert not (CreateSession.__pydantic_complete__ or Session.__pydantic_complete__)"
    loaded_after(code)


def test_a_resource_s_module_is_an_attribute_of_its_package_as_it_was() -> None:
    code = "import devin_tools.api as api; api.sessions.Session; "
    loaded_after(code + "assert {'Session', 'CreateSession'} <= set(dir(api))")


GUARDED = """
import threading, types
from devin_tools import catalog, hookimpl
from devin_tools.client.state import ClientState
from devin_tools.settings import Settings

made = []

@hookimpl
def devin_tools_provide_guards():
    made.append(1)
    return [object()]

plugin = types.ModuleType("guarded")
plugin.devin_tools_provide_guards = devin_tools_provide_guards
point = types.SimpleNamespace(name="guarded", value="guarded", dist=None, load=lambda: plugin)
catalog.entry_points = lambda group: [point]
states = [ClientState(Settings(api_key="cog_x")) for _ in range(8)]
assert not made
together, seen = threading.Barrier(8), []

def ask(state):
    together.wait()
    seen.append(state.guards)

threads = [threading.Thread(target=ask, args=[state]) for state in states]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert made == [1] and len({id(guards) for guards in seen}) == 1, (made, seen)
"""


def test_the_guards_of_a_process_are_made_once_whoever_asks_first() -> None:
    loaded_after(GUARDED)


DESCRIBED = """
from devin_tools import Settings, load_catalog
from devin_tools.export.openapi import openapi_of
from devin_tools.lint import judging  # with every rule
from devin_tools.lint.reading import own_lists
from devin_tools.mcp.service import Service
from devin_tools.presets import PRESETS, chosen

catalog = load_catalog(plugins=())
for exporter in catalog.exporters.values():
    assert exporter.files(list(catalog)), exporter.name
assert openapi_of(list(catalog))["paths"] and own_lists(catalog)
assert all(chosen(catalog, preset) for preset in PRESETS)
service = Service(catalog, Settings(api_key="cog_x"), lambda settings: None)
assert service.tools_json() and service.instructions()
"""


def test_no_tool_is_imported_to_be_listed_exported_linted_or_offered() -> None:
    """As the index of the tools has all of it."""
    declaring = {
        f"devin_tools.{folder}.{path.stem}"
        for folder in ("api", "tasks")
        for path in (PACKAGE / folder).glob("[a-z]*.py")
    }
    assert len(declaring) > 20 and loaded_after(DESCRIBED) & declaring == set()
