"""The Node-RED pack in the editor: found in the palette, dropped, filled, deployed, run, its output seen."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from external.builders.browser import CHROMIUM, opened, picture
from external.builders.node_red_home import ACCOUNT, node_red, user_directory

from devin_tools import Simulator, load_catalog
from devin_tools.export.builders.node_red import node_red_files, type_of

HOME = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"))
if CHROMIUM is None:
    pytest.skip("needs Chromium: apt-get install chromium", allow_module_level=True)
if not (HOME / "node_modules" / "node-red").exists():
    pytest.skip("needs Node-RED: nox -s node-red-app", allow_module_level=True)

KEY = "cog_CANARY_editor"
FIND = """type => {
  const ids = [];
  RED.nodes.eachNode(node => { if (node.type === type) ids.push(node.id); });  // false would end it
  return ids;
}"""
PALETTE = ".red-ui-palette-node"
WIRE = """([from, to]) => RED.nodes.addLink(
  { source: RED.nodes.node(from), sourcePort: 0, target: RED.nodes.node(to) })"""


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=1, sessions=3)


@pytest.fixture
def editor(simulator: Simulator, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with simulator.serve() as server:
        flows = [
            {"id": ACCOUNT, "type": "devin-account", "baseUrl": server.url, "name": "Test account"},
            {"id": "tab", "type": "tab", "label": "Tests"},
            {"id": "go", "type": "inject", "z": "tab", "x": 120, "y": 80, "props": [], "repeat": "",
             "crontab": "", "once": False, "onceDelay": 0.1, "wires": [[]]},
            {"id": "see", "type": "debug", "z": "tab", "x": 600, "y": 80, "active": True,
             "tosidebar": True, "complete": "payload", "targetType": "msg", "wires": []},
        ]  # fmt: skip
        pack = node_red_files(list(load_catalog(plugins=())))
        folder = user_directory(tmp_path, pack, flows, {"key": KEY})
        with node_red(Path(HOME), folder, port) as url:
            yield url


def drop(page: Any, type_: str, x: int, y: int) -> str:
    """Drag a node from the palette to the workspace; give its id."""
    entry = page.locator(f'.red-ui-palette-node[data-palette-type="{type_}"]')
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=8)
    page.mouse.move(x, y, steps=8)
    page.mouse.up()
    page.wait_for_timeout(300)
    (made,) = page.evaluate(FIND, type_)
    return str(made)


def test_a_person_builds_a_flow_and_runs_it(editor: str, simulator: Simulator) -> None:
    with opened(editor) as page:
        page.wait_for_selector('.red-ui-palette-node[data-palette-type="devin-create-session"]')
        shown = page.eval_on_selector_all(PALETTE, "all => all.map(one => one.dataset.paletteType)")
        assert {type_of(spec) for spec in load_catalog(plugins=())} <= set(shown)
        page.locator("#red-ui-palette-search input").press_sequentially("create session")
        page.wait_for_timeout(800)
        picture(page, "node-red-palette")
        made = drop(page, "devin-create-session", 560, 260)
        page.evaluate("id => RED.editor.edit(RED.nodes.node(id))", made)
        page.wait_for_selector("#node-input-f_prompt", state="attached")
        page.wait_for_timeout(600)
        kind = page.evaluate("() => $('#node-input-f_title').typedInput('type')")
        assert kind == "omit", "what is optional begins as not sent"
        page.evaluate("() => $('#node-input-f_prompt').typedInput('value', 'Fix it from the editor.')")
        page.evaluate("id => $('#node-input-account').val(id).trigger('change')", ACCOUNT)
        picture(page, "node-red-form")
        page.click("#node-dialog-ok")
        page.wait_for_timeout(500)
        assert page.evaluate("id => RED.nodes.node(id).valid", made) is True
        page.evaluate(WIRE, ["go", made])
        page.evaluate(WIRE, [made, "see"])
        page.evaluate("() => { RED.nodes.dirty(true); RED.view.redraw(true); }")
        page.click("#red-ui-header-button-deploy")
        page.wait_for_timeout(1500)
        page.evaluate("() => RED.sidebar.show('debug')")
        page.evaluate("() => $.ajax({url: 'inject/go', type: 'POST'})")
        page.wait_for_selector(".red-ui-debug-msg", timeout=15_000)
        shown = page.locator(".red-ui-debug-msg").first.inner_text()
        page.wait_for_timeout(500)
        picture(page, "node-red-ran")
    assert "session_id" in shown
    asked = [record.asked for record in simulator.world.sessions.values()]
    (mine,) = [one for one in asked if one.get("prompt") == "Fix it from the editor."]
    assert mine["title"] is None


def test_what_is_wrong_is_marked_before_it_is_deployed(editor: str) -> None:
    with opened(editor) as page:
        page.wait_for_selector('.red-ui-palette-node[data-palette-type="devin-create-session"]')
        made = drop(page, "devin-create-session", 560, 260)
        assert page.evaluate("id => RED.nodes.node(id).valid", made) is False, "it has no prompt yet"
        reasons = page.evaluate("id => RED.nodes.node(id).validationErrors", made)
        assert "prompt is empty" in reasons


def test_choices_are_offered_beside_what_may_be_typed(editor: str) -> None:
    with opened(editor) as page:
        page.wait_for_selector('.red-ui-palette-node[data-palette-type="devin-create-session"]')
        made = drop(page, "devin-update-knowledge-note", 560, 260)
        page.evaluate("id => RED.editor.edit(RED.nodes.node(id))", made)
        page.wait_for_selector("#node-input-f_clear", state="attached")
        page.wait_for_timeout(600)
        page.evaluate("() => $('#node-input-f_note_id').typedInput('value', 'note-1')")
        page.evaluate("() => $('#node-input-f_clear').typedInput('type', 'choice')")
        page.evaluate("() => $('#node-input-f_clear').typedInput('value', 'pinned_repo,folder_id')")
        page.locator("#node-input-f_clear").locator("xpath=..").scroll_into_view_if_needed()
        picture(page, "node-red-choices")
        page.evaluate("id => $('#node-input-account').val(id).trigger('change')", ACCOUNT)
        page.click("#node-dialog-ok")
        page.wait_for_timeout(500)
        kept = page.evaluate(
            "id => (node => [node.valid, node.f_clear, node.f_clearType])(RED.nodes.node(id))", made
        )
        assert kept == [True, "pinned_repo,folder_id", "choice"]


@pytest.mark.parametrize(("key", "said"), [(KEY, "OK"), ("wrong", "Refused: 401")])
def test_the_account_is_tested_by_its_button(editor: str, key: str, said: str) -> None:
    with opened(editor) as page:
        page.wait_for_selector('.red-ui-palette-node[data-palette-type="devin-create-session"]')
        page.evaluate("id => RED.editor.editConfig('', 'devin-account', id)", ACCOUNT)
        page.wait_for_selector("#node-config-input-key")
        page.fill("#node-config-input-key", key)
        page.click("#devin-account-test")
        page.wait_for_function("() => /OK|Refused/.test($('#devin-account-said').text())")
        picture(page, f"node-red-account-{said.partition(':')[0].lower()}")
        assert page.inner_text("#devin-account-said").startswith(said)
