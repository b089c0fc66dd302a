"""A message in Slack starts a session; the answer for its thread says where to watch it.

    pip install "devin-tools[pipelines]"
    SLACK_SIGNING_SECRET=... python examples/slack_to_session.py --port 8080 --simulate

Without --simulate the key comes from DEVIN_API_KEY. Point a slash command and the event `app_mention` of your
app at it. A slash command is answered in the response. For a mention the answer is printed as a line of JSON:
the arguments of `chat.postMessage`. What Slack sends again adopts the session of the first time.
SLACK_CHANNELS (ids, with commas between them) says from where sessions may be started; left out, from all.
"""

import argparse
import html
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

from devin_tools import Client, CreateSession, DevinToolsError, Simulator
from devin_tools.errors import BadSignature
from devin_tools.pipelines.signatures import verify

MAX_BODY, MAX_ACU = 256 * 1024, 5
CHANNELS = set(filter(None, os.environ.get("SLACK_CHANNELS", "").split(",")))
Answer = tuple[int, dict[str, Any]]


def answer(client: Client, secret: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Take what Slack sent; give the status and body of the response."""
    try:
        verify("slack", headers, body, [secret], now=time.time())
    except BadSignature:
        return 401, {}
    if headers.get("content-type", "").startswith("application/json"):
        return on_event(client, json.loads(body))
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    text = start(client, form["text"], form["channel_id"], key=form["trigger_id"])
    return 200, {"response_type": "in_channel", "text": text}


def on_event(client: Client, sent: dict[str, Any]) -> Answer:
    """Start a session for a mention; let everything else pass."""
    if sent["type"] == "url_verification":
        return 200, {"challenge": sent["challenge"]}
    event = sent.get("event", {})
    if event.get("type") == "app_mention" and "bot_id" not in event:
        text = re.sub(r"<@\w+>", "", event["text"])
        said = start(client, text, event["channel"], key=sent["event_id"])
        thread = event.get("thread_ts", event["ts"])
        print(json.dumps({"channel": event["channel"], "thread_ts": thread, "text": said}), flush=True)
    return 200, {}


def start(client: Client, text: str, channel: str, key: str) -> str:
    """Start a session on what somebody wrote; say so in words that Slack shows as they are."""
    task = html.unescape(text).strip()  # Slack escapes &, < and >
    if CHANNELS and channel not in CHANNELS:
        return "Sessions are not started from this channel."
    if not task:
        return "What shall I do? Write it behind my name."
    call = CreateSession(prompt=task, tags=["slack"], max_acu_limit=MAX_ACU, idempotency_key=f"slack {key}")
    try:
        session = client.run(call)
    except DevinToolsError as error:
        return html.escape(f"No session: {error.message}", quote=False)
    return f"I am on it, with {MAX_ACU} ACUs at most: {session.url}"


class Handler(BaseHTTPRequestHandler):
    """Answers one request after another: what Slack repeats finds what the first try began."""

    client: Client
    secret: str
    timeout = 10

    def do_POST(self) -> None:
        """Read a body of a sensible size, and answer it."""
        size = self.headers.get("content-length", "")
        status, sent = 413, dict[str, Any]()
        if size.isdigit() and int(size) <= MAX_BODY:
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, sent = answer(self.client, self.secret, headers, self.rfile.read(int(size)))
            except (AttributeError, KeyError, TypeError, ValueError):  # signed, but of no known form
                status = 400
        body = json.dumps(sent).encode() if sent else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Start sessions from Slack.")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    Handler.secret = os.environ.get("SLACK_SIGNING_SECRET", "") or sys.exit("Set SLACK_SIGNING_SECRET.")
    client = Client(**(Simulator(seed=1).connection() if given.simulate else {}))
    with client as Handler.client, HTTPServer(("127.0.0.1", given.port), Handler) as server:
        print(f"ready at http://127.0.0.1:{server.server_port}", file=sys.stderr, flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
