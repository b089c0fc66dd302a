"""Agents of the command line with the MCP server: what their models see of each listing, and do with it.

The hosts are real and whole; the model is a script on loopback, the API the simulator.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.hosts.agents import HOSTS, Codex, Host, Server
from external.hosts.scripted import Script, scripted
from external.hosts.wires import Call, Search, Seen, Turn
from external.mcp.mcp_doors import started

from devin_tools import load_catalog
from devin_tools.model_input import for_models
from devin_tools.schemas.untrusted import MARK
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

FEW = "devin_list_sessions,devin_create_knowledge_note,devin_get_knowledge_note,devin_list_knowledge_notes"
NOTE = {"name": "How we deploy", "body": "By hand.", "trigger": "When somebody deploys."}
Calling: TypeAlias = Generator[Turn, Seen, Seen]
"""A part of a script: it is given what the model sees last."""
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


def names_of(host: Host, seen: Seen) -> list[str]:
    """Return the names that a model is shown of the server, without what the host puts before them.

    Says how long their definitions are, which are bounded where not all tools are listed.
    """
    shown = {name: tool for name, tool in seen.tools.items() if name.startswith(host.prefix)}
    size = sum(tool.size for tool in shown.values())
    print(f"\n{host.name}: {len(shown)} tools in {size} characters")
    assert size <= 20_000 or len(shown) == len(OFFER.specs)
    return sorted(name.removeprefix(host.prefix) for name in shown)


def calls(host: Host, seen: Seen, name: str, arguments: dict[str, Any]) -> Calling:
    """Call a tool as a model can: directly where it is shown, else as what finds it says."""
    if host.prefix + name in seen.tools:
        return (yield Call(host.prefix + name, arguments))
    seen = yield Call(host.prefix + FIND.name, {"query": name.removeprefix("devin_").replace("_", " ")})
    found = {each["name"]: each for each in given(seen.answers[-1])["tools"]}
    assert set(arguments) <= set(found[name]["input_schema"]["properties"])
    return (yield Call(host.prefix + found[name]["call_with"], {"name": name, "arguments": arguments}))


def works(host: Host, seen: Seen) -> Calling:
    """Read sessions, write a note, read it back, and miss another."""
    seen = yield from calls(host, seen, "devin_list_sessions", {"limit": 2})
    sessions = given(seen.answers[-1])
    assert len(sessions["sessions"]) == 2
    assert "sessions[].title" in sessions[MARK]
    seen = yield from calls(host, seen, "devin_create_knowledge_note", NOTE)
    seen = yield from calls(host, seen, "devin_list_knowledge_notes", {})
    assert NOTE["name"] in [note["name"] for note in given(seen.answers[-1])["notes"]]
    seen = yield from calls(host, seen, "devin_get_knowledge_note", {"note_id": "note-0"})
    assert "not_found" in seen.answers[-1]
    return seen


def shown_all(host: Host, names: Sequence[str]) -> Script:
    """Check what is shown from the beginning, and work."""
    seen = yield ""
    assert names_of(host, seen) == sorted(names)
    assert "ACUs" in seen.text or isinstance(host, Codex)  # it shows them as the text of the namespace
    yield from works(host, seen)


@each_listing
@each_host
def test_a_host_shows_what_a_listing_has_and_calls_it(host: Host, listing: str, tmp_path: Path) -> None:
    with scripted(shown_all(host, LISTED[listing])) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(["--list", listing]))


@each_listing
@each_host
def test_a_host_chooses_a_listing_by_the_path(host: Host, listing: str, url: str, tmp_path: Path) -> None:
    with scripted(shown_all(host, LISTED[listing])) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(url=f"{url}/{listing}"))


@each_host
def test_few_tools_are_all_shown_by_default(host: Host, tmp_path: Path) -> None:
    with scripted(shown_all(host, FEW.split(","))) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(["--tools", FEW]))


SEARCHES = {
    "full": ("list sessions", "create a knowledge note", "list knowledge notes"),
    "core": ("list sessions", "find and call tools for knowledge"),
}


def searched(host: Host, listing: str) -> Script:
    """Find the tools by the host's own search, having read no more of the server than its first line."""
    seen = yield ""
    assert names_of(host, seen) == []
    (line,) = re.findall(r"^- mcp__devin: (.*)$", seen.text, re.MULTILINE)
    assert "Devin" in line and "knowledge" in line and line.endswith(".") and not line.endswith("...")
    for query in SEARCHES[listing]:
        seen = yield Search(query)
    assert set(names_of(host, seen)) <= set(LISTED[listing])
    yield from works(host, seen)


@pytest.mark.parametrize("listing", SEARCHES)
def test_codex_defers_a_server_and_finds_its_tools(listing: str, tmp_path: Path) -> None:
    host = Codex("gpt-5.5")
    with scripted(searched(host, listing)) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(["--list", listing]))


def unapproved(host: Host) -> Script:
    """Read without anybody there to approve, and be refused what writes."""
    seen = yield ""
    seen = yield from calls(host, seen, "devin_list_knowledge_notes", {})
    assert given(seen.answers[-1])["notes"]
    seen = yield from calls(host, seen, "devin_create_knowledge_note", NOTE)
    assert "requires approval" in seen.answers[-1]
    yield from calls(host, seen, "devin_list_sessions", {})


@pytest.mark.parametrize("listing", ["full", "core"])
def test_codex_approves_by_the_annotations_of_the_tool_that_is_called(listing: str, tmp_path: Path) -> None:
    host = Codex("gpt-5.4", approves=False)
    with scripted(unapproved(host)) as (model, _):
        host.run(INSTALLED, tmp_path, model, Server(["--list", listing]))
