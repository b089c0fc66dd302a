"""A model on loopback, behind the protocol of whoever asks, that does what a script says.

A script is a generator: it is sent what the model sees, and yields what the model does next. What it asserts
is raised where `scripted` is used, not in the host, which would try again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from external.hosts.wires import WIRES, Call, Seen, Turn

__all__ = ["Model", "Script", "scripted"]

Script: TypeAlias = Generator[Turn, Seen, None]
"""What is yielded first is of no account: it starts the script."""

ASIDE = "An aside."


class Model:
    """A scripted model: what it was asked, and what went wrong with its script."""

    def __init__(self, script: Script):
        self.problem: BaseException | None = None
        self.is_done = False
        self._script = script
        self._steps = 0
        self._lock = threading.Lock()
        next(script)

    def turn(self, seen: Seen) -> Turn:
        """Return what the model does next; to what a host asks on the side, such as a title, some words."""
        with self._lock:
            if not seen.tools or self.problem is not None or self.is_done:
                return ASIDE
            try:
                assert len(seen.answers) == self._steps, "The host asks again, or an answer is missing."
                turn = self._script.send(seen)
                assert not isinstance(turn, Call) or turn.name in seen.tools, (
                    "It calls what it was not shown."
                )
            except StopIteration:
                self.is_done = True
                return "Done."
            except Exception as problem:
                self.problem = problem
                return ASIDE
            self._steps += 1
            return turn


@contextmanager
def scripted(script: Script) -> Iterator[tuple[str, Model]]:
    """Serve a model that follows a script; give its URL, without a path, and the model.

    Raises what the script raised, and `AssertionError` when it is not at its end.
    """
    model = Model(script)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            (wire,) = [wire for wire in WIRES if self.path.partition("?")[0].endswith(wire.path)]
            seen = wire.read(body)
            content = wire.write(model.turn(seen), seen, len(seen.answers))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError):  # a host that has ended does not wait for what it asked on the side
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", model
        finally:
            server.shutdown()
    if model.problem is not None:
        raise model.problem
    assert model.is_done, "The host ended before the script did."
