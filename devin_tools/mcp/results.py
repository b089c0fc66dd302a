"""What a call gives, as MCP's result of a tool. Pure, in the names of the wire."""

from __future__ import annotations

import json
from typing import Any

from ..errors import DevinToolsError
from ..tool import Output


def success(output: Output) -> dict[str, Any]:
    """Return an output as structured content, and the same as text for clients that read only that."""
    content = output.model_dump(mode="json")
    return {"content": [_text(content)], "structuredContent": content, "isError": False}


def failure(error: DevinToolsError) -> dict[str, Any]:
    """Return an error as text that a model can read; structured content would have to be an output."""
    return {"content": [_text({"error": error.as_dict()})], "isError": True}


def _text(content: Any) -> dict[str, str]:
    return {"type": "text", "text": json.dumps(content, ensure_ascii=False)}
