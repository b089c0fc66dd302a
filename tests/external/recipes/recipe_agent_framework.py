"""Microsoft Agent Framework over MCP."""

from __future__ import annotations

# recipe
import asyncio
import json

from agent_framework import MCPStdioTool

SERVER = ["--simulate", "mcp", "--preset", "core"]
DEVIN = MCPStdioTool(name="devin", command="devin-tools", args=SERVER, load_prompts=False)


async def main():
    async with DEVIN:  # Agent(client, tools=[DEVIN]) offers the tools to a model
        tools = {tool.name: tool for tool in DEVIN.functions}
        create, get = tools["devin_create_session"], tools["devin_get_session"]
        created = await create.invoke(arguments={"prompt": "Fix the checkout test"})
        session_id = json.loads(created[0].text)["session_id"]
        session = await get.invoke(arguments={"session_id": session_id})
        try:
            refused = await get.invoke(arguments={"session_id": "devin-missing"})
        except Exception as error:  # a model sees it only with include_detailed_errors
            refused = error
        return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from external.recipes.seen import answer, check

    tools, created, session, refused = asyncio.run(main())
    schemas = {name: tool.parameters()["properties"] for name, tool in tools.items()}
    assert type(refused).__name__ == "ToolExecutionException"
    check(schemas, KEEPS, answer(created[0].text), answer(session[0].text), str(refused))
