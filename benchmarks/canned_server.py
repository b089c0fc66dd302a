"""A loopback server that answers two paths with canned bytes, as fast as asyncio can.

It prints its port. Being another process, it takes no time from the interpreter that is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys


def session(number: int) -> dict:
    """Make a session of ordinary size."""
    session_id = f"{number:032x}"
    return {
        "session_id": session_id,
        "url": f"https://app.devin.ai/sessions/{session_id}",
        "status": "running",
        "status_detail": "working",
        "title": f"Fix flaky test number {number}",
        "org_id": "org-bench",
        "created_at": 1_767_225_600 + number,
        "updated_at": 1_767_225_700 + number,
        "acus_consumed": 1.25,
        "tags": ["bench", f"team:{number % 7}"],
        "pull_requests": [{"pr_url": f"https://github.com/acme/shop/pull/{number}", "pr_state": "open"}],
        "structured_output": None,
        "playbook_id": None,
        "is_archived": False,
        "user_id": None,
        "service_user_id": "service-user-1",
        "parent_session_id": None,
        "child_session_ids": [],
        "origin": "api",
        "category": "bug_fixing",
        "subcategory": None,
        "devin_mode": "normal",
        "automation_id": None,
    }


def answer(body: object) -> bytes:
    """Wrap a body in an HTTP answer."""
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content


PAGE = answer(
    {"items": [session(n) for n in range(200)], "end_cursor": None, "has_next_page": False, "total": 200}
)
ONE = answer(session(1))


class Canned(asyncio.Protocol):
    """Answers each request as its last header line arrives."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.seen = b""

    def data_received(self, data: bytes) -> None:
        self.seen += data
        while b"\r\n\r\n" in self.seen:
            head, _, self.seen = self.seen.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1]
            self.transport.write(PAGE if target.split(b"?")[0].endswith(b"/sessions") else ONE)  # type: ignore[attr-defined]


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
