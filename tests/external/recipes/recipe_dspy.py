"""DSPy over MCP."""

from __future__ import annotations

# recipe
import asyncio

import dspy
from mcp import ClientSession, StdioServerParameters, stdio_client

SERVER = StdioServerParameters(command="devin-tools", args=["--simulate", "mcp", "--preset", "core"])


async def main():
    async with stdio_client(SERVER) as streams, ClientSession(*streams) as devin:
        await devin.initialize()
        listed = (await devin.list_tools()).tools
        tools = {tool.name: dspy.Tool.from_mcp_tool(devin, tool, result_mode="structured") for tool in listed}
        created = await tools["devin_create_session"].acall(prompt="Fix the checkout test")
        session = await tools["devin_get_session"].acall(session_id=created["session_id"])
        try:
            refused = await tools["devin_get_session"].acall(session_id="devin-missing")
        except Exception as error:  # dspy.ReAct(signature, tools=[*tools.values()]) shows it to the model
            refused = error
        return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from external.recipes.seen import check

    tools, created, session, refused = asyncio.run(main())
    assert isinstance(refused, RuntimeError)
    check({name: tool.args for name, tool in tools.items()}, KEEPS, created, session, str(refused))
