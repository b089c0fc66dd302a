"""Haystack over MCP."""

from __future__ import annotations

# recipe
import json

from haystack_integrations.tools.mcp import MCPToolset, StdioServerInfo


def main():
    server = StdioServerInfo(command="devin-tools", args=["--simulate", "mcp", "--preset", "core"])
    devin = MCPToolset(server, invocation_timeout=60)  # Agent(chat_generator=..., tools=devin)
    devin.warm_up()
    tools = {tool.name: tool for tool in devin}
    created = json.loads(tools["devin_create_session"].invoke(prompt="Fix the checkout test"))
    found = {"session_id": created["structuredContent"]["session_id"]}
    session = json.loads(tools["devin_get_session"].invoke(**found))
    try:
        refused = tools["devin_get_session"].invoke(session_id="devin-missing")
    except Exception as error:
        refused = str(error)
    devin.close()
    return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from external.recipes.seen import check

    tools, created, session, refused = main()
    schemas = {name: tool.parameters["properties"] for name, tool in tools.items()}
    check(schemas, KEEPS, created["structuredContent"], session["structuredContent"], refused)
