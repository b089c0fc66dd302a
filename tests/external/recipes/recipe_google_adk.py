"""Google ADK over MCP."""

from __future__ import annotations

# recipe
import asyncio

from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams
from mcp import StdioServerParameters

SERVER = StdioServerParameters(command="devin-tools", args=["--simulate", "mcp", "--preset", "core"])
DEVIN = McpToolset(connection_params=StdioConnectionParams(server_params=SERVER, timeout=60))


async def main(context):  # ADK makes the context of a call: LlmAgent(tools=[DEVIN]) is all you write
    tools = {tool.name: tool for tool in await DEVIN.get_tools()}
    create, get = tools["devin_create_session"], tools["devin_get_session"]
    created = await create.run_async(args={"prompt": "Fix the checkout test"}, tool_context=context)
    found = {"session_id": created["structuredContent"]["session_id"]}
    session = await get.run_async(args=found, tool_context=context)
    refused = await get.run_async(args={"session_id": "devin-missing"}, tool_context=context)
    await DEVIN.close()
    return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from unittest.mock import MagicMock

    from external.recipes.seen import check

    tools, created, session, refused = asyncio.run(main(MagicMock(function_call_id="1")))
    schemas = {
        name: tool._get_declaration().parameters_json_schema["properties"] for name, tool in tools.items()
    }
    assert refused["isError"] is True
    check(
        schemas,
        KEEPS,
        created["structuredContent"],
        session["structuredContent"],
        refused["content"][0]["text"],
    )
