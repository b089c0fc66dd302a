"""Agno over MCP."""

from __future__ import annotations

# recipe
import asyncio
import json

from agno.tools.function import FunctionCall
from agno.tools.mcp import MCPTools


async def main():
    async with MCPTools(command="devin-tools --simulate mcp --preset core", timeout_seconds=60) as devin:
        tools = devin.functions  # Agent(model=..., tools=[devin]) offers them to a model

        async def call(name, **arguments):
            return await FunctionCall(function=tools[name], arguments=arguments, call_id="1").aexecute()

        created = await call("devin_create_session", prompt="Fix the checkout test")
        session_id = json.loads(created.result.content)["session_id"]
        session = await call("devin_get_session", session_id=session_id)
        refused = await call("devin_get_session", session_id="devin-missing")
        return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from external.recipes.seen import answer, check

    tools, created, session, refused = asyncio.run(main())
    assert refused.status == "success"  # Agno tells a failure in the text alone
    schemas = {name: tool.parameters["properties"] for name, tool in tools.items()}
    check(
        schemas, KEEPS, answer(created.result.content), answer(session.result.content), refused.result.content
    )
