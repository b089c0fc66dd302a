"""smolagents over MCP."""

from __future__ import annotations

# recipe
from mcp import StdioServerParameters
from smolagents import ToolCollection

ARGS = ["--simulate", "mcp", "--preset", "core", "--output-schemas"]
SERVER = StdioServerParameters(command="devin-tools", args=ARGS)


def main():
    with ToolCollection.from_mcp(SERVER, trust_remote_code=True, structured_output=True) as devin:
        tools = {tool.name: tool for tool in devin.tools}  # CodeAgent(tools=[*devin.tools], model=...)
        create, get = tools["devin_create_session"], tools["devin_get_session"]
        created = create(prompt="Fix the checkout test")
        session = get(session_id=created["session_id"])
        refused = get(session_id="devin-missing")  # given back, not raised
        return tools, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    import json

    from external.recipes.seen import check

    tools, created, session, refused = main()
    check({name: tool.inputs for name, tool in tools.items()}, KEEPS, created, session, json.dumps(refused))
