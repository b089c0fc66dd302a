"""The code of the Node-RED pack, run by Node alone, and an API whose answers are written beforehand."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from support.packs import pack_with_odd

__all__ = ["NODE", "answering", "described", "run"]

NODE = shutil.which("node")

BEGIN = "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n"
END = "\n(async () => main(given))().then(said => console.log(JSON.stringify(said)));"


@cache
def described() -> dict[str, Any]:
    """Return what the pack says of each tool, by the tool's name."""
    return {tool["id"]: tool for tool in json.loads(pack_with_odd("node-red")["tools.json"])["tools"]}


def run(script: str, given: Any) -> Any:
    """Run a script beside the pack's files, `main(given)` in it, and return what that returns."""
    assert NODE
    with tempfile.TemporaryDirectory() as folder:
        for name, text in pack_with_odd("node-red").items():
            if "/" not in name:
                (Path(folder) / name).write_text(text, encoding="utf-8")
        (Path(folder) / "main.js").write_text(BEGIN + script + END, encoding="utf-8")
        command = [NODE, "--no-warnings", "main.js"]
        done = subprocess.run(
            command, input=json.dumps(given), cwd=folder, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def answering(*answers: tuple[int, dict[str, str], Any]) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """Serve these answers one after the other, the last again and again; yield the URL and what was asked."""
    asked: list[tuple[str, str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, headers, content = answers[min(len(asked), len(answers) - 1)]
            asked.append((self.command, self.path, json.loads(body) if body else None))
            sent = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(sent))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def do_POST(self) -> None:
            self.do_GET()

        def do_PUT(self) -> None:
            self.do_GET()

        def log_message(self, *words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
