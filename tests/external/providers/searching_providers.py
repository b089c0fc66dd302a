"""Servers on this machine that play providers whose models find their tools, and check what they are sent.

Each refuses what its provider refuses, as far as that is known (documents and types of November 2026), with
400 and a text. The model calls a tool only when it was shown it or found it, with what earlier answers say.
"""

from __future__ import annotations

import json
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

__all__ = ["PROVIDERS", "Refusal", "SearchingProvider"]

Json = dict[str, Any]
Model = Generator[Json, Json, None]

STEPS = (
    ("list the secrets of the organisation", "devin_list_secrets"),
    ("delete a secret", "devin_delete_secret"),
)
"""What the model looks for, and which tool it calls then."""
FIND, CALL_READ, CALL_WRITE = "devin_find_tools", "devin_call_read", "devin_call_write"
MOST_TOOLS = 128
DONE = "It is gone."


class Refusal(Exception):
    """What a provider answers with 400."""


def need(holds: object, text: str) -> None:
    """Refuse a request of which this does not hold."""
    if not holds:
        raise Refusal(text)


def search(query: str, tools: dict[str, Json], limit: int = 5) -> list[str]:
    """Return the tools that have most words of a query, the rarer the better, as a provider's search does."""
    texts = {
        name: set(re.findall("[a-z]+", f"{name} {tool.get('description', '')}".lower().replace("_", " ")))
        for name, tool in tools.items()
    }
    rarity = {
        word: 1 / sum(word in text for text in texts.values())
        for word in re.findall("[a-z]+", query)
        if any(word in text for text in texts.values())
    }
    score = {name: sum(rarity[word] for word in rarity.keys() & text) for name, text in texts.items()}
    return sorted(tools, key=lambda name: (-score[name], name))[:limit]


def arguments_for(tool: str, outputs: list[Json]) -> Json:
    """Return what the model calls a tool with: ids are those of earlier answers."""
    return {} if tool == "devin_list_secrets" else {"secret_id": outputs[0]["secrets"][0]["secret_id"]}


class SearchingProvider(ABC):
    """A provider. Subclasses say what is refused, and what the model does."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        """Whose search it is: the provider's own, or `own` for the client's."""
        self.requests: list[Json] = []
        self.outputs: list[Json] = []
        self.sent: list[Any] = []
        """The parts of the model's turns, which have to come back as they were."""
        self.found: set[str] = set()
        self._model: Model | None = None

    def answer(self, request: Json) -> tuple[int, Json]:
        """Check a request, and let the model go on."""
        self.requests.append(request)
        try:
            self.check(request)
            if self._model is None:
                self._model = self.model(request)
                return 200, next(self._model)
            return 200, self._model.send(request)
        except Refusal as refusal:
            error = {
                "type": "invalid_request_error",
                "message": str(refusal),
                "code": 400,
                "status": "INVALID",
            }
            return 400, {"type": "error", "error": error, "message": str(refusal)}

    @abstractmethod
    def check(self, request: Json) -> None:
        """Raise `Refusal` for what the provider refuses."""

    @abstractmethod
    def model(self, request: Json) -> Model:
        """Yield the model's turns; each is answered by the next request."""

    def __enter__(self) -> SearchingProvider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, reply = provider.answer(json.loads(body))
                content = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *words: Any) -> None:
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Anthropic(SearchingProvider):
    """Anthropic's Messages: its own search (`bm25`), or ours by references (`own`)."""

    def check(self, request: Json) -> None:
        tools = {tool["name"]: tool for tool in request["tools"]}
        deferred = {name for name, tool in tools.items() if tool.get("defer_loading")}
        need(len(deferred) < len(tools), "At least one tool must have defer_loading=false.")
        need(request["tools"] == self.requests[0]["tools"], "The tools have changed.")
        for name in deferred:
            need("cache_control" not in tools[name], "cache_control on a deferred tool.")
            need("input_schema" in tools[name], "A search tool cannot be deferred.")
        replayed = [
            part for turn in request["messages"] if turn["role"] == "assistant" for part in turn["content"]
        ]
        need(replayed == self.sent, "The turn of the assistant has changed.")
        for turn, after in zip(request["messages"], [*request["messages"][1:], None], strict=True):
            if turn["role"] == "assistant" and after is not None:
                self._check_answers(turn["content"], after["content"], tools)

    def _check_answers(self, asked: list[Json], answers: list[Json], tools: dict[str, Json]) -> None:
        uses = {part["id"]: part for part in asked if part["type"] == "tool_use"}
        results = {part["tool_use_id"]: part for part in answers if part["type"] == "tool_result"}
        need(not uses.keys() - results.keys(), "tool_use ids were found without tool_result blocks.")
        need(not results.keys() - uses.keys(), "unexpected tool_use_id in tool_result blocks.")
        for key, result in results.items():
            content = result["content"]
            need(content, "tool_result: content must not be empty.")
            parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
            kinds = {part["type"] for part in parts}
            need(len(kinds) == 1, "References stand alone in a result.")
            for part in parts:
                if part["type"] == "tool_reference":
                    name = part["tool_name"]
                    need(name in tools, f"Tool reference '{name}' not found in available tools")
                    need(tools[name].get("defer_loading"), f"Tool reference '{name}' is not deferred")
            if str((uses[key].get("caller") or {}).get("type")).startswith("code_execution"):
                need(kinds == {"text"}, "Code takes text alone.")
                need(len(results) == len(answers), "Nothing may stand beside the results for code.")

    def model(self, request: Json) -> Model:
        for number, (query, tool) in enumerate(STEPS):
            deferred = {one["name"]: one for one in request["tools"] if one.get("defer_loading")}
            before: list[Json] = []
            if self.kind == "own":
                use = {"type": "tool_use", "id": f"toolu_f{number}", "name": FIND, "input": {"query": query}}
                request = yield self.turn([use], "tool_use")
                (result,) = request["messages"][-1]["content"]
                self.found |= {part["tool_name"] for part in result["content"]}
            else:
                names = search(query, deferred)
                self.found |= set(names)
                key = f"srvtoolu_{number}"
                references = [{"type": "tool_reference", "tool_name": name} for name in names]
                content = {"type": "tool_search_tool_search_result", "tool_references": references}
                before = [
                    {
                        "type": "server_tool_use",
                        "id": key,
                        "name": "tool_search_tool_bm25",
                        "input": {"query": query},
                    },
                    {"type": "tool_search_tool_result", "tool_use_id": key, "content": content},
                ]
            assert tool in self.found
            given = arguments_for(tool, self.outputs)
            use = {"type": "tool_use", "id": f"toolu_{number}", "name": tool, "input": given}
            request = yield self.turn([*before, use], "tool_use")
            (result,) = request["messages"][-1]["content"]
            self.outputs.append(json.loads(result["content"]))
        yield self.turn([{"type": "text", "text": DONE}], "end_turn")

    def turn(self, content: list[Json], reason: str) -> Json:
        """Return a message of the model."""
        self.sent += content
        return {
            "id": f"msg_{len(self.requests)}", "type": "message", "role": "assistant", "model": "m",
            "content": content, "stop_reason": reason, "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }  # fmt: skip


class Responses(SearchingProvider):
    """OpenAI's Responses: a search of OpenAI among namespaces (`hosted`), or one of the client (`own`)."""

    def check(self, request: Json) -> None:
        searches = [tool for tool in request["tools"] if tool["type"] == "tool_search"]
        groups = {tool["name"]: tool for tool in request["tools"] if tool["type"] == "namespace"}
        functions = {tool["name"] for tool in request["tools"] if tool["type"] == "function"}
        need(len(searches) == 1, "tool_search stands once in a request.")
        homes: dict[str, str] = {}
        for name, group in groups.items():
            need("defer_loading" not in group, "defer_loading is not for namespaces.")
            need(group["description"] and group["tools"], "A namespace needs a description and tools.")
            homes |= {tool["name"]: name for tool in group["tools"]}
        need(not groups.keys() & (functions | homes.keys()), "A namespace is named as a function.")
        items = request["input"][1:]
        answered = {"function_call_output", "tool_search_output"}
        given = [item for item in items if item["type"] not in answered or item.get("execution") == "server"]
        need(given == self.sent, "Items of the model have changed.")
        outputs = {
            item["call_id"]: item for item in items if item["type"] in answered and item.get("call_id")
        }
        calls = {
            item["call_id"]: item for item in items if item["type"] not in answered and item.get("call_id")
        }
        need(not calls.keys() - outputs.keys(), "No tool output found for a call.")
        need(not outputs.keys() - calls.keys(), "No tool call found for an output.")
        for key, call in calls.items():
            kind = outputs[key]["type"]
            if call["type"] == "tool_search_call":
                need(kind == "tool_search_output", "A search is answered by a tool_search_output.")
                need(outputs[key]["execution"] == "client", "The search was one of the client.")
                for tool in outputs[key]["tools"]:
                    need(
                        tool["type"] == "function" and tool["parameters"]["type"] == "object", "No function."
                    )
                    need(tool["name"] not in functions, "This tool is there already.")
            else:
                need(kind == "function_call_output", "A call is answered by a function_call_output.")
                need(outputs[key].get("caller") == call.get("caller"), "The caller is another.")
                if call["name"] in homes:
                    need(call.get("namespace") == homes[call["name"]], "Missing namespace for function_call")

    def model(self, request: Json) -> Model:
        for number, (query, tool) in enumerate(STEPS):
            more: list[Json] = []
            namespace = tool
            key = {"id": f"ts_{number}", "type": "tool_search_call", "status": "completed"}
            if self.kind == "own":
                asked = {"execution": "client", "call_id": f"search_{number}", "arguments": {"query": query}}
                request = yield self.turn([key | asked])
                self.found |= {one["name"] for one in request["input"][-1]["tools"]}
            else:
                groups = {one["name"]: one for one in request["tools"] if one["type"] == "namespace"}
                (namespace,) = (
                    name for name, group in groups.items() if tool in {one["name"] for one in group["tools"]}
                )
                assert namespace in search(query, groups)
                self.found |= {one["name"] for one in groups[namespace]["tools"]}
                server = {"execution": "server", "call_id": None}
                output = {"id": f"tso_{number}", "type": "tool_search_output", "status": "completed"}
                more = [
                    key | server | {"arguments": {"paths": [namespace]}},
                    output | server | {"tools": [groups[namespace]]},
                ]
            assert tool in self.found
            caller = {"type": "program", "caller_id": "prog_1"} if number else {"type": "direct"}
            call = {
                "type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}", "name": tool,
                "namespace": namespace, "arguments": json.dumps(arguments_for(tool, self.outputs)),
                "status": "completed",
            } | ({"caller": caller} if number else {})  # fmt: skip
            request = yield self.turn([*more, call])
            self.outputs.append(json.loads(request["input"][-1]["output"]))
        text = {"type": "output_text", "text": DONE, "annotations": []}
        yield self.turn(
            [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}]
        )

    def turn(self, output: list[Json]) -> Json:
        """Return a response of the model."""
        self.sent += output
        return {
            "id": f"resp_{len(self.requests)}", "object": "response", "created_at": 1, "model": "m",
            "output": output, "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
            "status": "completed",
        }  # fmt: skip


class Interactions(SearchingProvider):
    """Gemini's Interactions: a search of Gemini (`hosted`), or a function of the client (`own`)."""

    def check(self, request: Json) -> None:
        functions = [tool for tool in request["tools"] if tool["type"] == "function"]
        need(
            sum(tool["type"] == "tool_search" for tool in request["tools"]) == 1, "One tool_search is taken."
        )
        need(all("parameters" in tool for tool in functions), "A function needs parameters.")
        steps = request["input"][1:]
        results = {step["call_id"]: step for step in steps if step["type"] == "function_result"}
        given = [step for step in steps if step["type"] != "function_result"]
        need(given == self.sent, "Steps of the model, or their signatures, have changed.")
        calls = {step["id"]: step for step in given if step["type"] == "function_call"}
        need(calls.keys() == results.keys(), "Each function_call, and nothing else, has its function_result.")
        for key, result in results.items():
            need(result["name"] == calls[key]["name"], "The result is one of another function.")
            content = result["result"]
            need(content, "A result is not empty.")
            if isinstance(content, list):
                need(all(part["type"] == "function" for part in content), "A search finds functions.")

    def model(self, request: Json) -> Model:
        for number, (query, tool) in enumerate(STEPS):
            before: list[Json] = []
            if self.kind == "own":
                call = {
                    "type": "function_call",
                    "id": f"f{number}",
                    "name": FIND,
                    "arguments": {"query": query},
                }
                request = yield self.turn([call])
                self.found |= {one["name"] for one in request["input"][-1]["result"]}
            else:
                deferred = {one["name"]: one for one in request["tools"] if one.get("defer_loading")}
                names = search(query, deferred)
                self.found |= set(names)
                functions = [{"type": "function", "name": name} for name in names]
                before = [
                    {"type": "tool_search_call", "id": f"s{number}", "arguments": {"function_names": names},
                     "signature": "c2ln"},
                    {"type": "tool_search_result", "call_id": f"s{number}", "result": functions,
                     "signature": "c2ln"},
                ]  # fmt: skip
            assert tool in self.found
            given = arguments_for(tool, self.outputs)
            call = {"type": "function_call", "id": f"c{number}", "name": tool, "arguments": given}
            request = yield self.turn([*before, call])
            self.outputs.append(json.loads(request["input"][-1]["result"]))
        yield self.turn([{"type": "model_output", "content": [{"type": "text", "text": DONE}]}])

    def turn(self, steps: list[Json]) -> Json:
        """Return an interaction."""
        self.sent += steps
        return {
            "id": f"i{len(self.requests)}", "model": "m", "status": "completed", "steps": steps,
            "created": "2026-11-01T00:00:00Z", "updated": "2026-11-01T00:00:00Z",
        }  # fmt: skip


class ByMetaTools(SearchingProvider):
    """A provider without any search: what the model finds it calls by a meta tool."""

    answers: ClassVar[str]

    @abstractmethod
    def shown(self, request: Json) -> set[str]:
        """Return the names of the tools in a request."""

    @abstractmethod
    def turn(self, key: str, name: str, arguments: Json) -> Json:
        """Return a turn with one call."""

    @abstractmethod
    def last(self) -> Json:
        """Return the turn that ends the conversation."""

    @abstractmethod
    def result(self, request: Json) -> tuple[str, Json]:
        """Return the id that the last part of a request answers, and the content."""

    def check(self, request: Json) -> None:
        shown = self.shown(request)
        need(len(shown) <= MOST_TOOLS, "array_above_max_length")
        need(FIND in shown and CALL_READ in shown, "The tool is not there.")

    def model(self, request: Json) -> Model:
        shown = self.shown(request)
        for number, (query, tool) in enumerate(STEPS):
            assert tool not in shown
            found = yield from self._called(f"f{number}", FIND, {"query": query})
            (row,) = (row for row in found["tools"] if row["name"] == tool)
            assert row["call_with"] in shown
            given = {"name": tool, "arguments": arguments_for(tool, self.outputs)}
            self.outputs.append((yield from self._called(f"c{number}", row["call_with"], given)))
        yield self.last()

    def _called(self, key: str, name: str, arguments: Json) -> Generator[Json, Json, Json]:
        request = yield self.turn(key, name, arguments)
        answered, content = self.result(request)
        need(answered == key, "A tool call must be followed by a message with its id.")
        return content


class Chat(ByMetaTools):
    """OpenAI's Chat Completions."""

    def shown(self, request: Json) -> set[str]:
        for tool in request["tools"]:
            need("defer_loading" not in tool, "Unknown parameter: 'defer_loading'.")
        return {tool["function"]["name"] for tool in request["tools"]}

    def turn(self, key: str, name: str, arguments: Json) -> Json:
        function = {"name": name, "arguments": json.dumps(arguments)}
        message = {"role": "assistant", "content": None}
        return self._choice(
            message | {"tool_calls": [{"id": key, "type": "function", "function": function}]}, "tool_calls"
        )

    def last(self) -> Json:
        return self._choice({"role": "assistant", "content": DONE}, "stop")

    def _choice(self, message: Json, reason: str) -> Json:
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}

    def result(self, request: Json) -> tuple[str, Json]:
        message = request["messages"][-1]
        need(message["role"] == "tool", "A call is followed by a tool message.")
        return message["tool_call_id"], json.loads(message["content"])


class GenerateContent(ByMetaTools):
    """Gemini's generateContent."""

    def shown(self, request: Json) -> set[str]:
        return {one["name"] for tool in request["tools"] for one in tool["functionDeclarations"]}

    def turn(self, key: str, name: str, arguments: Json) -> Json:
        return self._candidate({"functionCall": {"id": key, "name": name, "args": arguments}})

    def last(self) -> Json:
        return self._candidate({"text": DONE})

    def _candidate(self, part: Json) -> Json:
        content = {"role": "model", "parts": [part]}
        return {"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]}

    def result(self, request: Json) -> tuple[str, Json]:
        (part,) = request["contents"][-1]["parts"]
        response = part["functionResponse"]
        asked = request["contents"][-2]["parts"][0]["functionCall"]
        need(response["name"] == asked["name"], "The response is one of another function.")
        return response["id"], response["response"]["output"]


class Converse(ByMetaTools):
    """Bedrock's Converse."""

    def shown(self, request: Json) -> set[str]:
        return {tool["toolSpec"]["name"] for tool in request["toolConfig"]["tools"]}

    def turn(self, key: str, name: str, arguments: Json) -> Json:
        return self._output({"toolUse": {"toolUseId": key, "name": name, "input": arguments}}, "tool_use")

    def last(self) -> Json:
        return self._output({"text": DONE}, "end_turn")

    def _output(self, part: Json, reason: str) -> Json:
        usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
        message = {"message": {"role": "assistant", "content": [part]}}
        return {"output": message, "stopReason": reason, "usage": usage, "metrics": {"latencyMs": 1}}

    def result(self, request: Json) -> tuple[str, Json]:
        (part,) = request["messages"][-1]["content"]
        result = part["toolResult"]
        return result["toolUseId"], result["content"][0]["json"]


PROVIDERS: Mapping[str, Callable[[str], SearchingProvider]] = {
    "anthropic": Anthropic,
    "responses": Responses,
    "interactions": Interactions,
    "chat": Chat,
    "generate-content": GenerateContent,
    "converse": Converse,
}
