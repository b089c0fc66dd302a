"""What a model was offered, and what its calls are of: a tool, or a search for tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog, installed_catalog
from ..errors import Hint, UnknownTool, UsageError
from ..model_input import call_from_model, for_models, not_offered
from ..presets import ToolChoice, chosen_for_models, offered, require_catalog
from ..search.namespaces import namespaces
from ..search.offer import FIND, Offer
from ..settings import Settings
from ..spec import Spec
from ..tasks.wait_session import cut
from ..tool import Tool
from .requests import ToolCallRequest

if TYPE_CHECKING:
    from ..search.meta_tools import FoundTools

__all__ = ["Choice"]

CALLED_DIRECTLY = frozenset({"anthropic", "openai-responses", "gemini-interactions"})
"""Providers that make a tool callable once it was found: no payload for them has tools that call others."""

CODE_SECONDS = 45.0
"""How long a call waits that code makes which Anthropic runs: after some 4 minutes it gets a TimeoutError
(page on programmatic tool calling, September 2026)."""


class Choice:
    """The tools that a model may call: all of a catalog, or what a choice takes of it.

    With `loaded`, a model is shown only these of them and finds the others. `ids` maps the names that were
    offered, those of meta tools too, to the tools'.
    """

    def __init__(
        self,
        tools: ToolChoice | None,
        preset: str | None,
        catalog: Catalog | None,
        *,
        loaded: ToolChoice | None = None,
        ids: Mapping[str, str] | None = None,
        settings: Settings,
    ):
        require_catalog(catalog)
        if tools is None and preset is None:
            self._catalog = installed_catalog() if catalog is None else catalog
        else:
            chosen = chosen_for_models(tools, preset=preset, catalog=catalog)
            self._catalog = Catalog({spec.name: spec for spec in chosen})
        self._settings = settings
        self._ids = ids or {}
        self._names = {tool: name for name, tool in self._ids.items()}
        self._listed = None if loaded is None else Offer(for_models(self._catalog), loaded)
        """What the payload says of what is shown; `None` where all is."""

    @cached_property
    def offer(self) -> Offer | None:
        """What is found of what the payload holds: that which the settings permit.

        `None` where the payload left nothing to be found, and so had nothing to find it with.
        """
        if self._listed is None or not self._listed.deferred:
            return None
        specs = tuple(spec for name, spec in self._permitted.items() if name in self._listed.specs)
        loaded = tuple(spec.name for spec in specs if spec.name in self._listed.loaded)
        return _offer(specs, loaded, tuple(self._names.items()))

    @cached_property
    def _permitted(self) -> Mapping[str, Spec]:
        return offered(self._catalog, self._settings)

    @cached_property
    def _namespaces(self) -> Mapping[str, set[str]]:
        deferred = self._listed.deferred.values() if self._listed else ()
        return {name: {spec.name for spec in specs} for name, specs in namespaces(deferred).items()}

    def answerable(self, request: ToolCallRequest) -> ToolCallRequest:
        """Return a call, a search by the name that the payload gave it.

        Raises `UsageError` for a search where the payload left nothing to be found.
        """
        if not request.is_search:
            return request
        if self.offer is None:
            raise UsageError(
                "The model searches for tools, and by what this was given it was shown all of them.",
                hint=Hint(python="Pass the loaded=... that the payload was made with."),
            )
        return replace(request, name=self.offer.name_of(FIND.name))

    def search(self, request: ToolCallRequest) -> tuple[FoundTools, Offer] | None:
        """Return what was found, and in what, for a call that searches; `None` for any other.

        Raises `InvalidArguments`, and `UnknownTool` for a name that it asks for and that is not offered.
        """
        if self.offer is None or not (request.is_search or self._id_of(request.name) == FIND.name):
            return None
        return self.offer.search(request.arguments), self.offer

    def call(self, request: ToolCallRequest) -> Tool[Any]:
        """Return the call that a model means, validated.

        Raises `UnknownTool` for what was not offered, `InvalidArguments`, and `Refused` as `call_from_model`
        does.
        """
        tool, arguments = self._id_of(request.name), request.arguments
        if self.offer is not None and tool is not None and request.provider not in CALLED_DIRECTLY:
            tool, arguments = self.offer.meant(tool, arguments)
        if tool is None or tool not in self._catalog.specs:
            raise self._unknown(request, request.name if tool is None else self._names.get(tool, tool))
        self._require_namespace(request, tool)
        call = call_from_model(self._catalog, tool, arguments, self._settings)
        return cut(call, CODE_SECONDS) if request.by_code else call

    def readable(self, request: ToolCallRequest, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return an output as data whose `resume_with`, if it has one, is a call that the model can make."""
        rest = content.get("resume_with")
        if not rest:
            return dict(content)
        if self.offer is not None and not self._calls_directly(request, self.offer):
            return self.offer.readable(content)
        return {**content, "resume_with": {**rest, "name": self._names.get(rest["name"], rest["name"])}}

    def _calls_directly(self, request: ToolCallRequest, offer: Offer) -> bool:
        """Return whether the model calls what it found by its own name: as its provider has it, or it did."""
        return request.provider in CALLED_DIRECTLY or self._id_of(request.name) in offer.deferred

    def _id_of(self, name: str) -> str | None:
        """Return the tool that goes by a name; `None` where it was offered by another."""
        return self._ids.get(name, None if name in self._names else name)

    def _unknown(self, request: ToolCallRequest, name: str) -> UnknownTool:
        if self.offer is not None:
            is_shown = request.provider not in CALLED_DIRECTLY and name == request.name
            return self.offer.unknown(name, [spec.name for spec in self.offer.meta] if is_shown else ())
        return not_offered(name, [self._names.get(tool, tool) for tool in self._permitted])

    def _require_namespace(self, request: ToolCallRequest, tool: str) -> None:
        """Raise `UnknownTool` for a namespace in which the tool was not offered.

        A deferred function outside of namespaces comes back in one of its own name.
        """
        namespace = request.namespace
        if namespace in (None, request.name) or tool in self._namespaces.get(str(namespace), ()):
            return
        raise UnknownTool(
            f"You were not offered {request.name[:64]!r} in the namespace {str(namespace)[:64]!r}.",
            hint="Call each tool in the namespace that it was offered in.",
        )


@lru_cache(maxsize=8)
def _offer(specs: tuple[Spec, ...], loaded: tuple[str, ...], names: tuple[tuple[str, str], ...]) -> Offer:
    """Return an offer, the same for the same tools: what it has read to find them serves the next search."""
    return Offer(specs, loaded, dict(names))
