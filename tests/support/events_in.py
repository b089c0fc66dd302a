"""Rules, signed events, and a server that takes them, in this process or as processes of their own."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.served_apps import HANG_SECONDS
from support.tools import built_in

from devin_tools import Catalog, Settings, Simulator
from devin_tools.hookspecs import Sink
from devin_tools.pipelines.delivery import SinkTransport
from devin_tools.pipelines.frozen_model import FrozenModel
from devin_tools.pipelines.notification import Notification
from devin_tools.pipelines.rule_files import load_rules
from devin_tools.server import App, Hooks, create_app

__all__ = ["ALERT", "RULES", "SECRET", "STORM_LIMIT", "Told", "posted", "receiving", "signed"]

SECRET = "canary-hook-secret"
ALERT = {"alertName": "High CPU", "severity": 1, "description": "95 %", "affectedResource": "web-1"}
STORM_LIMIT = 20
RULES = f"""
version: 1
sinks: {{kept: {{kind: kept}}}}
rules:
  - name: all
    session: {{max_acu_limit: 5, tags: [alert]}}
    tell: [kept]
    on_resolved: message
    storm_limit: {STORM_LIMIT}
"""


class Told(list[Notification]):
    """A sink that keeps what it is told, and fails as often as it is asked to."""

    failures = 0

    def catalog(self) -> Catalog:
        """Return the built-in catalog with this sink in it, and with one tool: events call none of them."""
        catalog = built_in()
        tools = {"devin_get_self": catalog.spec("devin_get_self")}
        mine = Sink("kept", "For the tests.", FrozenModel, self._tell)
        return replace(catalog, specs=tools, sinks=catalog.sinks | {"kept": mine})

    async def _tell(self, news: Notification, settings: Any, transport: SinkTransport) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not now")
        self.append(news)


def receiving(
    simulator: Simulator,
    told: Told,
    rules: str = RULES,
    transport: httpx.AsyncBaseTransport | None = None,
    **more: Any,
) -> App:
    """Serve a simulator with rules; senders wait until all is done, on however slow a machine.

    `transport` stands between the server and the simulator.
    """
    reached = simulator.connection()
    names = Settings.__dataclass_fields__.keys() & more.keys()
    settings = Settings(
        api_key=reached["api_key"], org_id=reached["org_id"], **{name: more.pop(name) for name in names}
    )
    secrets = {scheme: [SECRET] for scheme in ("bearer", "github", "sentry", "pagerduty", "grafana")}
    options = {
        "secrets": secrets,
        "clock": reached["clock"],
        "follow": False,
        "answer_seconds": HANG_SECONDS,
    } | more
    hooks = Hooks(load_rules(rules), **options)
    connection = {"transport": transport or reached["transport"], "clock": reached["clock"], "guards": ()}
    return create_app(settings, token=None, catalog=told.catalog(), hooks=hooks, **connection)


def signed(body: Any = None, **headers: str) -> dict[str, Any]:
    """Return what a sender posts: a body, and its secret as a bearer token."""
    content = body if isinstance(body, bytes) else json.dumps(ALERT if body is None else body).encode()
    return {"content": content, "headers": {"Authorization": f"Bearer {SECRET}"} | headers}


def posted(app: App, *requests: Mapping[str, Any], path: str = "/hooks/alerts") -> list[httpx.Response]:
    """Post events one after the other."""

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.post(path, **request) for request in requests]

    return within(app, work)


def within(app: App, work: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
    """Do work with a client of the server, on an event loop of its own, and with locks of its own.

    A test that ran beside it and sent the same alert would make it wait for the lock.
    """

    async def go() -> Any:
        transport = httpx.ASGITransport(app)
        options = {"base_url": "http://127.0.0.1", "headers": {"Content-Type": "application/json"}}
        async with httpx.AsyncClient(transport=transport, **options) as client:
            try:
                return await work(client)
            finally:
                await app.aclose()

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        return asyncio.run(go())


def rules_file(folder: Path, outcomes: Path, rules: str = RULES) -> Path:
    """Write rules whose outcomes go to a file."""
    path = folder / "rules.yaml"
    path.write_text(rules.replace("{kind: kept}", f"{{kind: file, path: {json.dumps(str(outcomes))}}}"))
    return path
