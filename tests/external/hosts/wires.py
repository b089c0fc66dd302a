"""The protocols that agents speak with their models: what a model is shown, and what it says.

Each is read from what the pinned hosts send, on 1 December 2026.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = ["WIRES", "Call", "Search", "Seen", "Shown", "Turn", "Wire"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A tool as a model is shown it."""

    name: str
    description: str
    parameters: Json
    namespace: str | None = None

    @property
    def size(self) -> int:
        """How many characters it takes in JSON."""
        return len(json.dumps([self.name, self.description, self.parameters], ensure_ascii=False))


@dataclass(frozen=True)
class Seen:
    """What a model is shown at one time."""

    tools: Mapping[str, Shown]
    """The tools by name; where they stand in a namespace, the namespace and `__` go before it."""
    text: str
    """All else that it reads of the host and the person."""
    answers: tuple[str, ...]
    """What its calls were answered, the oldest first."""


@dataclass(frozen=True)
class Call:
    """A call that a model makes, by the name it was shown."""

    name: str
    arguments: Json


@dataclass(frozen=True)
class Search:
    """A search that a model asks its host for, where the host has a search of its own."""

    query: str


Turn = Call | Search | str


class Wire(ABC):
    """A protocol: its path, how a request is read and how a turn is written."""

    path: ClassVar[str]

    @abstractmethod
    def read(self, body: Json) -> Seen:
        """Return what a request shows the model."""

    @abstractmethod
    def events(self, turn: Turn, seen: Seen, number: int) -> Iterable[tuple[str | None, Any]]:
        """Return the server-sent events of a turn: each a type, if there is one, and data."""

    def write(self, turn: Turn, seen: Seen, number: int) -> bytes:
        """Return the body of the answer."""
        lines = (
            (f"event: {kind}\n" if kind else "") + f"data: {data if data == DONE else json.dumps(data)}\n\n"
            for kind, data in self.events(turn, seen, number)
        )
        return "".join(lines).encode()


DONE = "[DONE]"


def text_in(content: Any) -> str:
    """Return the text of content that is text, or blocks with some."""
    if isinstance(content, list):
        return "\n".join(text_in(block) for block in content)
    return str(content.get("text", "")) if isinstance(content, dict) else str(content or "")


def _by_name(tools: Iterable[Shown]) -> dict[str, Shown]:
    return {f"{tool.namespace}__{tool.name}" if tool.namespace else tool.name: tool for tool in tools}


class Responses(Wire):
    """OpenAI's Responses, as Codex speaks it: tools in namespaces, and a search that the client executes."""

    path = "/v1/responses"

    def read(self, body: Json) -> Seen:
        items = body["input"]
        found = [tool for item in items for tool in item.get("tools", ())]  # what searches brought
        answers = tuple(
            text_in(item["output"]) if item["type"] == "function_call_output" else json.dumps(item["tools"])
            for item in items
            if item["type"] in ("function_call_output", "tool_search_output")
        )
        said = [text_in(item["content"]) for item in items if item["type"] == "message"]
        text = "\n".join([body.get("instructions") or "", *said])
        return Seen(_by_name(self._shown([*body["tools"], *found])), text, answers)

    def _shown(self, tools: Iterable[Json], namespace: str | None = None) -> Iterable[Shown]:
        for tool in tools:
            if tool["type"] == "namespace":
                yield from self._shown(tool["tools"], tool["name"])
            elif tool["type"] == "function":
                yield Shown(tool["name"], tool["description"], tool["parameters"], namespace)

    def events(self, turn: Turn, seen: Seen, number: int) -> Iterable[tuple[str, Json]]:
        answer = {"id": f"response_{number}"}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        item = {"id": f"item_{number}", **self._item(turn, seen, number)}
        for event in (
            {"type": "response.created", "response": answer},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": {**answer, "usage": usage}},
        ):
            yield str(event["type"]), event

    def _item(self, turn: Turn, seen: Seen, number: int) -> Json:
        if isinstance(turn, str):
            content = [{"type": "output_text", "text": turn}]
            return {"type": "message", "role": "assistant", "content": content}
        call_id = f"call_{number}"
        if isinstance(turn, Search):
            about = {"execution": "client", "status": "completed", "arguments": {"query": turn.query}}
            return {"type": "tool_search_call", "call_id": call_id, **about}
        tool = seen.tools[turn.name]
        named = {"name": tool.name} | ({"namespace": tool.namespace} if tool.namespace else {})
        return {
            "type": "function_call",
            "call_id": call_id,
            "arguments": json.dumps(turn.arguments),
            **named,
        }


class GenerateContent(Wire):
    """Google's generateContent, as Gemini CLI speaks it."""

    path = ":streamGenerateContent"

    def read(self, body: Json) -> Seen:
        parts = [part for content in body["contents"] for part in content["parts"]]
        system = body.get("systemInstruction", {}).get("parts", ())
        declared = [each for tool in body.get("tools", ()) for each in tool.get("functionDeclarations", ())]
        tools = (Shown(each["name"], each["description"], each["parametersJsonSchema"]) for each in declared)
        answered = (part["functionResponse"]["response"] for part in parts if "functionResponse" in part)
        answers = tuple(text_in(answer.get("output", answer.get("error"))) for answer in answered)
        return Seen(_by_name(tools), "\n".join(map(text_in, [*system, *parts])), answers)

    def events(self, turn: Turn, seen: Seen, number: int) -> Iterable[tuple[None, Json]]:
        assert not isinstance(turn, Search)
        part: Json = {"text": turn} if isinstance(turn, str) else {}
        if isinstance(turn, Call):
            part = {"functionCall": {"id": f"call_{number}", "name": turn.name, "args": turn.arguments}}
        content = {"role": "model", "parts": [part]}
        usage = {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2}
        candidate = {"content": content, "finishReason": "STOP", "index": 0}
        yield None, {"candidates": [candidate], "usageMetadata": usage}


class ChatCompletions(Wire):
    """OpenAI's Chat Completions, as opencode speaks it with a server that is like OpenAI's."""

    path = "/v1/chat/completions"

    def read(self, body: Json) -> Seen:
        messages = body["messages"]
        functions = [tool["function"] for tool in body.get("tools", ())]
        tools = (Shown(each["name"], each.get("description", ""), each["parameters"]) for each in functions)
        answers = tuple(text_in(each["content"]) for each in messages if each["role"] == "tool")
        said = (text_in(each.get("content")) for each in messages if each["role"] != "tool")
        return Seen(_by_name(tools), "\n".join(said), answers)

    def events(self, turn: Turn, seen: Seen, number: int) -> Iterable[tuple[None, Any]]:
        assert not isinstance(turn, Search)
        delta: Json = {"role": "assistant"}
        if isinstance(turn, str):
            delta["content"] = turn
        else:
            function = {"name": turn.name, "arguments": json.dumps(turn.arguments)}
            calls = [{"index": 0, "id": f"call_{number}", "type": "function", "function": function}]
            delta["tool_calls"] = calls
        about = {"id": f"chat_{number}", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
        why = "stop" if isinstance(turn, str) else "tool_calls"
        yield None, {**about, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        yield None, {**about, "choices": [{"index": 0, "delta": {}, "finish_reason": why}]}
        yield None, DONE


WIRES: tuple[Wire, ...] = (Responses(), GenerateContent(), ChatCompletions())
