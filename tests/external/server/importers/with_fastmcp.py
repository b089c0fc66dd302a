"""Load the document into fastmcp and call its tools; print what was seen as JSON.

Run by tests/external/server/test_fastmcp.py: URL TOKEN.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import httpx2  # what fastmcp speaks HTTP with
from fastmcp import Client, FastMCP


async def main(url: str, token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers) as http:
        document = (await http.get("/openapi.json")).json()
        async with Client(FastMCP.from_openapi(document, client=http)) as client:
            tools = {tool.name: tool for tool in await client.list_tools()}
            created = await client.call_tool("devin_create_session", {"prompt": "Look.", "max_acu_limit": 5})
            session = {"session_id": created.structured_content["session_id"]}
            waited = await client.call_tool("devin_wait_session", session)
            myself = await client.call_tool("devin_get_self", {})
            faults = [
                await client.call_tool(name, arguments, raise_on_error=False)
                for name, arguments in [
                    ("devin_get_session", {"session_id": "canary?"}),
                    ("devin_get_session", {"session_id": "0" * 32}),
                ]
            ]
            return {
                "inputs": {name: tool.input_schema for name, tool in tools.items()},
                "has_output": sorted(name for name, tool in tools.items() if tool.output_schema),
                "descriptions": {name: tool.description for name, tool in tools.items()},
                "myself": myself.structured_content,
                "created": created.structured_content,
                "waited": waited.structured_content,
                "faults": [[fault.is_error, fault.content[0].text] for fault in faults],
            }


print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
