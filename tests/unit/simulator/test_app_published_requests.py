"""What published programs ask of the API, as their sources and tests show it, is answered as by the API.

Each row is what one program sends about a session of its own; `{id}` is the id as create answered it. What is
refused is a word or a shape that v3 does not know, or what this package has no operation for.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.simulated_api import simulated

from devin_tools import Simulator
from devin_tools.simulator.people import MEMBERS

MEMBER = MEMBERS[0]["user_id"]
SCHEMA = {"type": "object", "properties": {"branch": {"type": "string"}}, "required": ["branch"]}
STEPS = {"type": "array", "items": {"type": "object", "required": ["title"]}}
SHAPED = {"structured_output_schema": {"type": "object", "properties": {"steps": STEPS}}}

OK = 200
PROGRAMS: dict[str, list[tuple[str, str, Any, int]]] = {
    "a thin client in Python": [
        ("GET", "/playbooks?limit=100", None, OK),
        ("GET", "/knowledge/notes?limit=100", None, OK),
        ("POST", "/playbooks", {"name": "n", "instructions": "i"}, 422),
        ("POST", "/knowledge/notes", {"name": "n", "body": "b"}, 422),
    ],
    "a pipeline of four stages": [
        ("POST", "/sessions", {"prompt": "p", "bypass_approval": True}, OK),
        ("GET", "/sessions/{id}", None, OK),
        ("GET", "/sessions/{id}/messages?first=200", None, OK),
    ],
    "a mobile app": [
        ("GET", "/sessions?first=50", None, OK),
        ("POST", "/sessions", {"prompt": "p", "origin": "other", "structured_output": {"type": "x"}}, OK),
        ("GET", "/sessions/{id}/messages?first=100&after=evt-1", None, 400),
        ("DELETE", "/sessions/{id}?archive=true", None, OK),
    ],
    "a voice assistant": [
        ("GET", "/sessions?first=1", None, OK),
        ("POST", "/sessions", {"prompt": "p", "title": "JARVIS: t", "tags": ["jarvis"]}, OK),
        ("POST", "/sessions/{id}/messages", {"message": "m"}, OK),
    ],
    "a tracer of COBOL": [
        ("POST", "/sessions", {"prompt": "p", "playbook_id": "playbook-1", **SHAPED}, OK),
        ("GET", "/sessions/{id}/messages", None, OK),
    ],
    "a loop over shards": [
        ("GET", "/sessions?first=100&tags=a&tags=b", None, OK),
        ("GET", "/sessions/insights?first=100&session_ids={id}", None, OK),
        ("GET", "/secrets?first=100", None, OK),
        ("POST", "/pr-reviews", {"pr_url": "https://github.com/acme/shop/pull/1"}, OK),
        ("GET", "/sessions?after=nonsense", None, 400),
        ("GET", "/automations?first=100", None, 200),
    ],
    "a harness for repairs": [
        (
            "POST",
            "/sessions",
            {
                "prompt": "p",
                "repos": ["https://github.com/acme/shop"],
                "max_acu_limit": 5,
                "resumable": True,
                "structured_output_required": True,
                "tags": ["promote-operation:1"],
                "title": "t",
                "structured_output_schema": SCHEMA,
            },
            OK,
        ),
        ("DELETE", "/sessions/devin-{id}?archive=true", None, OK),
        ("GET", "/sessions/devin-{id}", None, OK),
    ],
    "a shell script with curl and jq": [
        ("POST", "/sessions", {"prompt": "p", "title": "t", "tags": ["dispatch"], "devin_mode": "lite"}, OK),
        ("POST", "/sessions", {"prompt": "p", "platform": "macos"}, 400),
        ("POST", "/sessions", {"prompt": "p", "create_as_user_id": MEMBER}, OK),
        ("POST", "/sessions/devin-{id}/archive", {}, OK),
    ],
    "a library in PHP": [
        ("GET", "/sessions?first=10&tags=queue&origins=api", None, OK),
        ("POST", "/sessions/devin-{id}/messages", {"message": "m", "message_as_user_id": MEMBER}, OK),
        ("POST", "/sessions/devin-{id}/tags", {"tags": ["reviewed"]}, OK),
        ("POST", "/sessions/devin-{id}/insights/generate", None, OK),
        ("POST", "/secrets", {"type": "key-value", "key": "K", "value": "v", "is_sensitive": True}, OK),
        ("DELETE", "/secrets/secret_example", None, 403),
    ],
    "a browser extension": [
        ("POST", "/sessions/devin-{id}/messages", {"message": "m", "attachment_urls": []}, OK),
    ],
    "an editor's plugin": [
        ("GET", "/sessions?first=2", None, OK),
        ("GET", "/sessions?user_ids=user-1&user_ids=user-2", None, OK),
        ("GET", "/sessions/{id}", None, OK),
    ],
    "a dashboard of findings": [
        ("GET", "/sessions?first=100&tags=project%3Adevin-vuln-automation", None, OK),
    ],
    "a judge on an outpost": [
        ("POST", "/sessions", {"prompt": "p", "title": "t", "platform": "referee", "tags": ["r"]}, 400),
    ],
    "a reviewer of pull requests": [
        ("POST", "/pr-reviews", {"pr_url": "https://github.com/acme/shop/pull/123"}, OK),
    ],
    "a server of tools with v3beta1": [
        ("GET", "BETA/members/users?email=nobody%40example.com", None, OK),
        ("GET", "BETA/repositories", None, OK),
        ("GET", "BETA/sessions?limit=1", None, 404),
    ],
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_published_program_is_answered(program: str) -> None:
    simulator = simulated()
    org = f"organizations/{simulator.world.org_id}"
    with httpx.Client(transport=simulator.transport(), base_url="https://api.devin.ai") as client:
        client.headers["authorization"] = "Bearer cog_any"
        made = client.post(f"/v3/{org}/sessions", json={"prompt": "p", "tags": ["a"]}).json()
        simulator.clock.step(120)
        for method, path, body, status in PROGRAMS[program]:
            root = f"/v3beta1/{org}" if path.startswith("BETA") else f"/v3/{org}"
            url = root + path.removeprefix("BETA").replace("{id}", made["session_id"])
            answer = client.request(method, url, json=body)
            assert answer.status_code == status, f"{method} {path}: {answer.text}"


def test_who_one_is_says_which_organisation_it_is(simulator: Simulator) -> None:
    """Several programs ask this first, and take the organisation from it."""
    with httpx.Client(transport=simulator.transport()) as client:
        answer = client.get("https://api.devin.ai/v3/self", headers={"authorization": "Bearer cog_any"})
    assert answer.json()["org_id"] == simulator.world.org_id
