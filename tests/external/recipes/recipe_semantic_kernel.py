"""Semantic Kernel over MCP."""

from __future__ import annotations

# recipe
import asyncio
import json

from semantic_kernel import Kernel
from semantic_kernel.connectors.mcp import MCPStdioPlugin


async def main():
    async with MCPStdioPlugin(
        name="devin",
        command="devin-tools",
        args=["--simulate", "mcp", "--preset", "core"],
        load_prompts=False,
    ) as server:
        kernel = Kernel()
        devin = kernel.add_plugin(server)  # FunctionChoiceBehavior.Auto() offers devin-devin_create_session
        created = await kernel.invoke(devin["devin_create_session"], prompt="Fix the checkout test")
        session_id = json.loads(created.value[0].text)["session_id"]
        session = await kernel.invoke(devin["devin_get_session"], session_id=session_id)
        refused = await kernel.invoke(devin["devin_get_session"], session_id="devin-missing")
        return devin.functions, created, session, refused


# end of recipe

KEEPS = {"bounds", "descriptions", "enum", "nesting"}

if __name__ == "__main__":
    from external.recipes.seen import answer, check
    from semantic_kernel.connectors.ai.function_calling_utils import (
        kernel_function_metadata_to_function_call_format as offered,
    )

    tools, created, session, refused = asyncio.run(main())
    formats = {name: offered(tool.metadata)["function"]["parameters"] for name, tool in tools.items()}
    schemas = {name: parameters["properties"] for name, parameters in formats.items()}
    named, found = (answer(given.value[0].text) for given in (created, session))
    check(schemas, KEEPS, named, found, refused.value[0].text)
