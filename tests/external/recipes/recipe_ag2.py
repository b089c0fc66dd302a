"""AG2 over MCP."""

from __future__ import annotations

# recipe
import asyncio
import json

from ag2 import Agent
from ag2.events import ToolCallEvent, ToolResultEvent
from ag2.testing import TestConfig, TrackingConfig
from ag2.tools.toolkits.mcp_server.toolkit import MCPToolkit
from ag2.tools.toolkits.mcp_server.types import MCPStdioServerConfig

DEVIN = MCPToolkit(
    MCPStdioServerConfig(command="devin-tools", args=["--simulate", "mcp", "--preset", "core"])
)


async def call(name, **arguments):
    asked = ToolCallEvent(name, id="1", arguments=json.dumps(arguments))
    model = TrackingConfig(TestConfig(asked, "Done.", raise_tool_errors=False))  # here goes your model
    reply = await Agent("engineer", config=model, tools=[DEVIN]).ask("Use Devin.")
    events = await reply.history.get_events()
    return model.calls[0].tools, next(event for event in events if isinstance(event, ToolResultEvent))


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from ag2.events import ToolErrorEvent
    from external.recipes.seen import answer, check

    tools, created = asyncio.run(call("devin_create_session", prompt="Fix the checkout test"))
    assert answer(created.result.parts[0].content)["session_id"]
    # Each call starts a server of its own, and so a simulated world of its own: read a session of the sample.
    _, listed = asyncio.run(call("devin_list_sessions", limit=1))
    sample = answer(listed.result.parts[0].content)["sessions"][0]
    _, session = asyncio.run(call("devin_get_session", session_id=sample["session_id"]))
    _, refused = asyncio.run(call("devin_get_session", session_id="devin-missing"))
    assert isinstance(refused, ToolErrorEvent)
    schemas = {tool.function.name: tool.function.parameters["properties"] for tool in tools}
    check(schemas, KEEPS, sample, answer(session.result.parts[0].content), str(refused.error))
