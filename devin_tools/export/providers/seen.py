"""What a model is shown of a payload before it has found anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["always_seen", "seen_of_deferred"]

LISTS = ("tools", "functionDeclarations")
"""Keys of what is around tools."""


def always_seen(payload: Any) -> Any:
    """Return a payload without what a provider shows a model only when it has found it.

    It takes what the functions of `payloads` return. What is deferred (`defer_loading`) is left out, but for
    what `seen_of_deferred` says. A namespace stays, with its name, its description, and what is loaded in it.
    """
    if isinstance(payload, Mapping):
        return next(_entries([payload], in_namespace=False), None)
    return list(_entries(payload, in_namespace=False))


def seen_of_deferred(tool: Mapping[str, Any], *, in_namespace: bool) -> dict[str, Any] | None:
    """Return what a provider shows of a deferred tool that was not found yet; `None` for nothing.

    OpenAI's Responses show name and description of a function that is in no namespace
    (developers.openai.com/api/docs/guides/tools-tool-search, November 2026); Gemini's Interactions the name
    and `short_description` (its types in google-genai 3.6.1). Anthropic's Messages show nothing
    (platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool, September 2026), and nor do the
    servers that read the field in the form of Chat Completions, as far as is known.
    """
    keys: tuple[str, ...] = ()
    if "short_description" in tool:
        keys = ("name", "short_description")
    elif tool.get("type") == "function" and "name" in tool and not in_namespace:
        keys = ("name", "description")
    return {key: tool.get(key) for key in keys} or None


def _entries(entries: Iterable[Mapping[str, Any]], *, in_namespace: bool) -> Iterator[Any]:
    for entry in entries:
        if entry.get("defer_loading") is True:
            if (seen := seen_of_deferred(entry, in_namespace=in_namespace)) is not None:
                yield seen
        else:
            inside = in_namespace or entry.get("type") == "namespace"
            lists = {key: list(_entries(entry[key], in_namespace=inside)) for key in LISTS if key in entry}
            yield {**entry, **lists}
