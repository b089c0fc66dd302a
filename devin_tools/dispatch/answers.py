"""The messages by which each provider is answered. Pure."""

from __future__ import annotations

import json
from typing import Any

from ..errors import DevinToolsError
from ..tool import Output
from .requests import ToolCallRequest

__all__ = ["Message", "message"]

Message = dict[str, Any]


def message(asked: ToolCallRequest, outcome: Output | DevinToolsError) -> Message:
    """Write an output or an error as the message that the provider of a call reads."""
    if is_error := isinstance(outcome, DevinToolsError):
        content = {"error": outcome.as_dict("model")}
    else:
        content = outcome.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False)
    match asked.provider:
        case "openai-chat":
            return {"role": "tool", "tool_call_id": asked.id, "content": text}
        case "openai-responses":
            return {"type": "function_call_output", "call_id": asked.id, "output": text}
        case "anthropic":
            return {"type": "tool_result", "tool_use_id": asked.id, "content": text, "is_error": is_error}
        case "gemini":
            response = {"name": asked.name, "response": content if is_error else {"output": content}}
            return {"functionResponse": response if asked.id is None else {"id": asked.id} | response}
        case "bedrock":
            status = "error" if is_error else "success"
            result = {"toolUseId": asked.id, "content": [{"json": content}], "status": status}
            return {"toolResult": result}
        case "langchain":
            return {
                "role": "tool",
                "tool_call_id": asked.id or "",
                "name": asked.name,
                "content": text,
                "artifact": None if is_error else content,
                "status": "error" if is_error else "success",
            }
