"""Strands Agents over MCP."""

from __future__ import annotations

# recipe
from mcp import StdioServerParameters, stdio_client
from strands.tools.mcp import MCPClient

SERVER = StdioServerParameters(command="devin-tools", args=["--simulate", "mcp", "--preset", "core"])


def main():
    with MCPClient(lambda: stdio_client(SERVER)) as devin:  # Agent(tools=[devin]) offers them to a model
        tools = devin.list_tools_sync()
        created = devin.call_tool_sync("1", "devin_create_session", {"prompt": "Fix the checkout test"})
        found = {"session_id": created["structuredContent"]["session_id"]}
        session = devin.call_tool_sync("2", "devin_get_session", found)
        refused = devin.call_tool_sync("3", "devin_get_session", {"session_id": "devin-missing"})
        return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from external.recipes.seen import check

    tools, created, session, refused = main()
    schemas = {tool.tool_name: tool.tool_spec["inputSchema"]["json"]["properties"] for tool in tools}
    assert (created["status"], refused["status"]) == ("success", "error")
    check(
        schemas,
        KEEPS,
        created["structuredContent"],
        session["structuredContent"],
        refused["content"][0]["text"],
    )
