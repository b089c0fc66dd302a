"""The opening of a conversation, answered without the SDK: importing that takes longer than all the rest.

What is answered here is what every client sends first, in the forms that leave no doubt about the answer of
the SDK. Anything else ends the opening, and the SDK is told what it missed.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic_core import to_json

from .messages import Message, is_id, result
from .service import Service

PROTOCOLS = frozenset({"2024-11-05", "2025-03-26", "2025-06-18"})
"""The versions of the protocol that each version of the SDK speaks, and answers with when asked for."""

LATER_PROTOCOLS = {"2025-11-25": (1, 24)}
"""Those that it speaks from a version of its own on."""

CAPABILITIES = frozenset({"elicitation", "roots", "sampling"})
"""What a client may declare here: each an object, whose parts are objects but for `listChanged`."""
OPEN_CAPABILITIES = frozenset({"experimental", "extensions"})
"""Objects by a name of somebody's own, with anything in them."""

GREETING = frozenset({"initialize", "notifications/initialized"})


class Opening:
    """Answers the first messages of one client as the SDK would."""

    def __init__(self, service: Service):
        self._service = service
        self.heard: list[str] = []
        """The lines that the SDK has to be told: the client's greeting, with `initialize` first."""
        self.is_over = False
        """Whether the client has all that most ask for before the first call."""

    def answer(self, message: Message) -> bytes | None:
        """Return the answer to a message, empty where none is due; `None` when the SDK has to answer."""
        content = message.content
        if not content.keys() <= {"jsonrpc", "id", "method", "params"} or "method" not in content:
            return None
        method, params = content["method"], content.get("params", {})
        if "id" in content:
            value = self._value(method, params)
            answer = None if value is None else result(content["id"], value)
        else:
            is_expected = self.heard and method == "notifications/initialized" and params == {}
            answer = b"" if is_expected else None
        if answer is not None and method in GREETING:
            self.heard.append(message.line)
        self.is_over = self.is_over or method == "tools/list"
        return answer

    def listed(self, message: Message) -> bytes | None:
        """Return the answer to a list that is asked for after the opening, in the same bytes as in it.

        The SDK says the same in an order of its own, by which a client's cache of the list would be lost.
        `None` for any other message, and where the SDK answered from the beginning.
        """
        is_list = message.content.get("method") in ("tools/list", *self._service.lists)
        return self.answer(message) if is_list else None

    def _value(self, method: str, params: Any) -> bytes | None:
        """Return the result of a method as JSON."""
        if method == "initialize":
            is_first = not self.heard
            return self._greeting(params) if is_first and _is_plain_greeting(params) else None
        if not self.heard or not _asks_for_nothing(params):
            return None
        if method == "tools/list":
            return self._service.tools_json().encode()
        value = {} if method == "ping" else self._service.lists.get(method)
        return None if value is None else to_json(value)

    def _greeting(self, params: dict[str, Any]) -> bytes | None:
        protocol = params["protocolVersion"]
        if not _is_spoken(protocol):
            return None
        return to_json({"protocolVersion": protocol, **self._service.about()})


def _is_spoken(protocol: str) -> bool:
    """Return whether the installed SDK speaks a version of the protocol."""
    since = LATER_PROTOCOLS.get(protocol)
    return protocol in PROTOCOLS or (since is not None and _installed() >= since)


def _installed() -> tuple[int, ...]:
    """Return the major and the minor of the SDK, without importing it; nothing where they are not known."""
    try:
        found = re.match(r"(\d+)\.(\d+)", version("mcp"))
    except PackageNotFoundError:
        found = None
    return tuple(map(int, found.groups())) if found else ()


def _asks_for_nothing(params: Any) -> bool:
    """Return whether parameters are empty but for a token of progress: there is none of a list."""
    if params == {}:
        return True
    if not isinstance(params, dict) or params.keys() != {"_meta"}:
        return False
    meta = params["_meta"]
    return isinstance(meta, dict) and meta.keys() <= {"progressToken"} and all(map(is_id, meta.values()))


def _is_plain_greeting(params: Any) -> bool:
    """Return whether the parameters of `initialize` are such as the SDK takes for certain."""
    if not isinstance(params, dict) or params.keys() != {"protocolVersion", "capabilities", "clientInfo"}:
        return False
    client, capabilities = params["clientInfo"], params["capabilities"]
    is_named = isinstance(client, dict) and {"name", "version"} <= client.keys()
    return (
        isinstance(params["protocolVersion"], str)
        and is_named
        and client.keys() <= {"name", "version", "title", "description", "websiteUrl"}
        and all(isinstance(text, str) for text in client.values())
        and isinstance(capabilities, dict)
        and all(_is_plain_capability(name, value) for name, value in capabilities.items())
    )


def _is_plain_capability(name: str, value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if name in OPEN_CAPABILITIES:
        return all(isinstance(part, dict) for part in value.values())
    return name in CAPABILITIES and all(
        isinstance(part, bool) if key == "listChanged" else isinstance(part, dict)
        for key, part in value.items()
    )
