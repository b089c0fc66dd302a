"""Agents of the command line with the MCP server: what their models are shown of each listing, and can do with it.

The hosts are real and whole; the model is a script on loopback, the API the simulator.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.hosts.agents import HOSTS, Codex, Host, Server
from external.hosts.scripted import Script, scripted
from external.hosts.wires import Call, Search, Seen
from external.mcp.mcp_doors import started

from devin_tools import load_catalog
from devin_tools.model_input import for_models
from devin_tools.search.offer import FIND, Offer

HOME = os.environ.get("DEVIN_TOOLS_BUILDER")
if HOME is None or not Path(HOME, "node_modules", "@openai", "codex").exists():
    pytest.skip("needs the hosts from npm: nox -s hosts", allow_module_level=True)

INSTALLED = Path(HOME)
OFFER = Offer(for_models(load_catalog(plugins=())))
LISTED = {
    "full": list(OFFER.specs),
    "core": [spec.name for spec in OFFER.listed],
    "auto": [spec.name for spec in OFFER.listed],
}
"""The names that each listing has, with all that a model may call chosen."""

FEW = "devin_list_sessions,devin_create_knowledge_note,devin_list_knowledge_notes"
TITLE = "How we deploy"
each_host = pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
each_listing = pytest.mark.parametrize("listing", LISTED)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the simulator over HTTP; the listing is the last part of the path."""
    with started() as (_, url):
        yield url


def given(answer: str) -> dict[str, Any]:
    """Return the output in an answer, whatever a host puts around it."""
    output: dict[str, Any] = json.JSONDecoder().raw_decode(answer[answer.index("{") :])[0]
    return output


def calls_for(host: Host, seen: Seen, name: str, arguments: dict[str, Any]) -> Any:
    """Call a tool as a model can: directly where it is shown, else as what finds it says."""
    if host.prefix + name in seen.tools:
        return (yield Call(host.prefix + name, arguments))
    seen = yield Call(host.prefix + FIND.name, {"query": name.removeprefix("devin_").replace("_", " ")})
    found = {each["name"]: each for each in given(seen.answers[-1])["tools"]}
    assert set(arguments) <= set(found[name]["input_schema"]["properties"])
    called = Call(host.prefix + found[name]["call_with"], {"name": name, "arguments": arguments})
    return (yield called)


def work(host: Host, seen: Seen) -> Any:
    """Read sessions, write a note, read it back."""
    seen = yield from calls_for(host, seen, "devin_list_sessions", {"limit": 2})
    assert len(given(seen.answers[-1])["sessions"]) == 2
    note = {"name": TITLE, "body": "By hand.", "trigger": "When somebody deploys."}
    seen = yield from calls_for(host, seen, "devin_create_knowledge_note", note)
    seen = yield from calls_for(host, seen, "devin_list_knowledge_notes", {})
    notes = given(seen.answers[-1])["notes"]
    assert TITLE in [note["name"] for note in notes]
    return seen


def script(host: Host, names: list[str]) -> Script:
    """Check what is shown, and do the work."""
    seen = yield ""
    shown = {name: tool for name, tool in seen.tools.items() if name.startswith(host.prefix)}
    assert sorted(shown) == sorted(host.prefix + name for name in names)
    print(f"{host.name}: {len(shown)} tools in {sum(tool.size for tool in shown.values())} characters")
    assert "Devin, an AI software engineer" in seen.text or type(host) is Codex
    yield from work(host, seen)


@each_listing
@each_host
def test_a_host_shows_what_a_listing_has_and_calls_it(host: Host, listing: str, tmp_path: Path) -> None:
    with scripted(script(host, LISTED[listing])) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(["--list", listing]))


@each_listing
@each_host
def test_a_host_chooses_a_listing_by_the_path(host: Host, listing: str, url: str, tmp_path: Path) -> None:
    with scripted(script(host, LISTED[listing])) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(url=f"{url}/{listing}"))


@each_host
def test_few_tools_are_all_shown_without_being_asked_to(host: Host, tmp_path: Path) -> None:
    with scripted(script(host, FEW.split(","))) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(["--tools", FEW]))
