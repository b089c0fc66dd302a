"""A key in the settings shows up nowhere, whatever is logged on the way through a real socket."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.sample_repository import sample_repository
from support.tools import built_in, tools

from devin_tools import Client, CreateSession, DevinToolsError, SessionSecret, Simulator, Tool

KEY = "cog_CANARY_f00dfeedf00dfeed"
SECRET = "CANARY-session-secret"


def calls(client: Client) -> Iterator[Tool[Any]]:
    """Return a call of each example of each tool, about a session that was made with a secret."""
    made = client.run(CreateSession(prompt="Fix it.", session_secrets=[SessionSecret(key="A", value=SECRET)]))
    known = {"session_id": made.session_id, "session_ids": [made.session_id]}
    for spec in tools():
        for example in spec.examples:
            yield built_in().call(
                spec.name, {name: known.get(name, value) for name, value in example.items()}
            )


def test_no_output_or_log_of_any_tool_shows_the_key(
    folder_for_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sample_repository(folder_for_files / "shop")
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    simulator = Simulator(keys={KEY: frozenset(spec.permission for spec in tools() if spec.permission)})
    with simulator.serve() as server:
        with Client(api_key=KEY, base_url=server.url, clock=simulator.clock) as client:
            for call in calls(client):
                seen.append(repr(call))
                try:
                    seen.append(json.dumps(client.run(call).model_dump(mode="json")))
                except DevinToolsError as error:
                    seen += [*traceback.format_exception(error), repr(error), json.dumps(error.as_dict())]
            seen.append(f"{client!r} {client.settings!r} {client.settings}")
    text = "\n".join([*seen, caplog.text])
    assert "httpcore" in caplog.text  # what is logged below the client is looked at too
    assert KEY not in text
    assert SECRET not in text
