"""Langflow itself, clicked through in Chromium: `nox -s langflow-app`."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from external.builders.arrivals import Arrivals, sent_by_client
from external.builders.browser import CHROMIUM, picture
from external.builders.langflow_app import App, browser, langflow

from devin_tools import load_catalog

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
if importlib.util.find_spec("langflow") is None or importlib.util.find_spec("playwright") is None:
    reason = "needs langflow and playwright: nox -s langflow-app"
    pytest.skip(reason, allow_module_level=True)

SPECS = {spec.name: spec for spec in load_catalog(plugins=())}
KEY = "cog_canary_in_langflow"


@pytest.fixture(scope="module")
def simulator() -> Arrivals:
    return Arrivals()


@pytest.fixture(scope="module")
def environment(simulator: Arrivals) -> Iterator[dict[str, str]]:
    with simulator.serve() as server:
        org_id = simulator.world.org_id
        yield {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_ORG_ID": org_id}


@pytest.fixture(scope="module")
def app(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("components")
    command = [sys.executable, "-m", "devin_tools", "export", "langflow", "-o", str(folder)]
    subprocess.run([*command, "--tools", "devin_ping_session"], check=True, capture_output=True)
    places = {"LANGFLOW_COMPONENTS_PATH": str(folder)}
    with langflow(tmp_path_factory.mktemp("langflow"), **environment, **places) as running:
        yield running


@pytest.fixture
def page() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with browser() as opened:
        yield opened


def dropped(app: App, page: Any, flow: str, title: str) -> Any:
    """Find a component by the search of the side bar, and drop it on the canvas."""
    page.goto(f"{app.url}/flow/{flow}", wait_until="domcontentloaded")
    page.get_by_test_id("sidebar-search-input").fill(title)
    found = page.get_by_test_id(f"devin_tools_{title.lower()}_draggable")
    found.wait_for()
    picture(page, f"langflow-palette-{title.lower().replace(' ', '-')}")
    return pulled(page, found)


def pulled(page: Any, found: Any) -> Any:
    """Pull a component onto the canvas; Langflow loses one that is pulled while its page still settles."""
    from playwright import sync_api

    node = page.locator(".react-flow__node").first
    for _ in range(3):
        found.drag_to(page.locator(".react-flow__pane"), target_position={"x": 500, "y": 200})
        with suppress(sync_api.TimeoutError):
            node.wait_for(timeout=10_000)
            break
    return node


def type_into(field: Any, text: str) -> None:
    """Type as a person does, who goes on to the next field after it."""
    field.fill(text)
    field.press("Tab")
    field.page.wait_for_timeout(500)  # Langflow takes it in a moment later, and shows nothing of that


def shown(page: Any, node: Any, output: str, component: str) -> str:
    """Read an output of a component that has run."""
    node.get_by_test_id(f"output-inspection-{output}-{component}").click()
    dialog = page.get_by_role("dialog")
    text = dialog.locator("textarea, .ag-cell, .cm-content, pre, code").first
    text.wait_for()
    said = text.input_value() if text.evaluate("e => e.tagName") == "TEXTAREA" else text.inner_text()
    page.keyboard.press("Escape")
    return str(said)


def test_the_palette_has_every_tool_and_a_plugins_from_a_folder(app: App) -> None:
    components = app.ask("GET", "/api/v1/all")
    installed = {part["display_name"] for part in components["devin_tools"].values()}
    assert installed == {spec.title for spec in SPECS.values()}
    assert [part["display_name"] for part in components["devin"].values()] == ["Ping session"]
    assert KEY not in json.dumps(components)


def test_a_component_is_found_dropped_filled_and_run(app: App, page: Any, simulator: Arrivals) -> None:
    flow = app.new_flow("Create a session")
    simulator.arrived.clear()
    node = dropped(app, page, flow, "Create session")
    type_into(node.get_by_test_id("textarea_str_prompt"), "Fix the flaky checkout test.")
    page.get_by_test_id("parameters-button").click()
    page.get_by_test_id("inspector-add-max_acu_limit").click()
    page.get_by_test_id("inspector-add-tags").click()
    picture(page, "langflow-parameters")
    page.get_by_test_id("inspection-panel-close").click()
    type_into(node.get_by_test_id("int_int_max_acu_limit"), "5")
    type_into(node.get_by_test_id("inputlist_str_tags_0"), "checkout")
    node.get_by_test_id("button_run_create session").click()
    node.get_by_test_id("node_duration_create session").wait_for()
    picture(page, "langflow-run")
    [session] = simulator.world.sessions
    assert shown(page, node, "session id", "devincreatesession") == session
    picture(page, "langflow-output")
    arguments = {"prompt": "Fix the flaky checkout test.", "max_acu_limit": 5, "tags": ["checkout"]}
    assert simulator.arrived == sent_by_client([("devin_create_session", arguments)])
    assert KEY not in json.dumps(app.ask("GET", f"/api/v1/flows/{flow}"))


def test_an_error_is_read_on_the_page(app: App, page: Any) -> None:
    node = dropped(app, page, app.new_flow("Get a session"), "Get session")
    type_into(node.get_by_test_id("popover-anchor-input-session_id"), "a?b")
    node.get_by_test_id("button_run_get session").click()
    said = page.get_by_text(re.compile("session_id: not a session id"))
    said.filter(visible=True).first.wait_for()  # it is there more than once, and goes after some seconds
    picture(page, "langflow-error")


def test_tool_mode_offers_the_tool_by_its_name(app: App, page: Any) -> None:
    flow = app.new_flow("A tool for an agent")
    node = dropped(app, page, flow, "Terminate session")
    page.get_by_test_id("tool-mode-button").click()
    node.get_by_text("devin_terminate_session", exact=False).first.wait_for()
    picture(page, "langflow-tool-mode")


def test_langflows_mcp_client_calls_our_server(
    app: App, page: Any, environment: dict[str, str], simulator: Arrivals
) -> None:
    server = {
        "command": sys.executable,  # Langflow starts Python, Node and package runners, and nothing else
        "args": ["-m", "devin_tools", "mcp", "--tools", "devin_get_self,devin_get_session_tags"],
        "env": environment,
    }
    app.ask("POST", "/api/v2/mcp/servers/devin", server)
    listed = app.ask("GET", "/api/v2/mcp/servers?action_count=true")
    assert {one["name"]: one["toolsCount"] for one in listed}["devin"] == 2
    simulator.arrived.clear()
    page.goto(f"{app.url}/flow/{app.new_flow('An MCP server')}", wait_until="domcontentloaded")
    page.get_by_test_id("sidebar-nav-mcp").click()
    node = pulled(page, page.get_by_test_id("mcp_devin_draggable"))
    node.get_by_test_id("dropdown_str_tool").click()
    page.get_by_role("option").filter(has_text="devin_get_self").click()
    node.get_by_test_id("button_run_mcp tools").click()
    node.get_by_test_id("node_duration_mcp tools").wait_for()
    picture(page, "langflow-mcp")
    assert simulator.arrived == sent_by_client([("devin_get_self", {})])
