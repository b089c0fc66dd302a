"""A conversation of Langflow's own agent with a model that says what it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.utils.function_calling import convert_to_openai_tool

__all__ = ["converse"]


class Scripted(GenericFakeChatModel):
    """Calls tools as scripted, and keeps the tools it was shown and what it was answered."""

    shown: list[str] = []
    read: list[str] = []

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> Scripted:
        self.shown[:] = [convert_to_openai_tool(tool)["function"]["name"] for tool in tools]
        return self

    def _stream(self, messages: list[Any], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        self.read[:] = [str(message.content) for message in messages if message.type == "tool"]
        message: Any = next(self.messages)
        asked = [
            {"name": call["name"], "args": json.dumps(call["args"]), "id": call["id"], "index": 0}
            for call in message.tool_calls
        ]
        yield ChatGenerationChunk(message=AIMessageChunk(content=message.content, tool_call_chunks=asked))


async def converse(
    component: Any, name: str, arguments: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[str], str]:
    """Have the agent call a tool with each of the arguments; give what was shown, answered and said."""
    from lfx.components.langchain_utilities import ToolCallingAgentComponent

    calls: list[Any] = [
        AIMessage("", tool_calls=[{"name": name, "args": dict(one), "id": str(number), "type": "tool_call"}])
        for number, one in enumerate(arguments)
    ]
    model = Scripted(messages=iter([*calls, AIMessage("done")]), shown=[], read=[])
    agent = ToolCallingAgentComponent(_id="agent").set(
        model=model,
        tools=await component.to_toolkit(),
        input_value="Go on.",
        system_prompt="",
        chat_history=[],
        verbose=False,
        handle_parsing_errors=True,
        max_iterations=5,
    )
    said = await agent.message_response()
    return model.shown, model.read, said.text
