"""The catalog: plugins to tools by name, and calls from plain arguments."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib import import_module
from importlib.metadata import entry_points
from itertools import chain
from typing import Any, TypeVar

import pluggy

from . import hookspecs
from .codec import id_of, invalid
from .declarations import describe
from .errors import BadDeclaration, DuplicateTool, InvalidArguments, PluginError, UnknownTool, what_is
from .hookspecs import ENTRY_POINT_GROUP, Exporter, Guard, Handler, Reader, Sink
from .spec import Spec
from .text.listed import split_names
from .text.suggestions import did_you_mean
from .tool import Tool

__all__ = [
    "Catalog",
    "Problem",
    "handlers_by_name",
    "installed_catalog",
    "installed_guards",
    "invalid",
    "load_catalog",
    "named_plugins",
    "unknown_tool",
]

BUILT_IN = {
    "devin": "devin_tools.tasks",
    "devin-export": "devin_tools.export",
    "devin-pipelines": "devin_tools.pipelines.readers",
    "devin-sinks": "devin_tools.pipelines.sinks",
    "devin-simulator": "devin_tools.simulator.handlers",
}
"""The built-in plugins, under the names of their own entry points.

They are loaded first, so that a checkout that was never installed works too.
"""

OWN = "devin-tools"
"""The distribution of the built-in ones."""

PLUGINS_VARIABLE = "DEVIN_TOOLS_PLUGINS"
STRICT_VARIABLE = "DEVIN_TOOLS_STRICT_PLUGINS"


LATE = {
    "devin-export": "exporters",
    "devin-pipelines": "readers",
    "devin-sinks": "sinks",
    "devin-simulator": "handlers",
}
"""The built-in plugins that provide one kind of parts alone, loaded when a catalog is asked for these."""

RESERVED = frozenset({"devin_find_tools", "devin_call_read", "devin_call_write"})
"""Names of the tools that find and call others (`search.meta_tools`): their calls reach no catalog."""

K = TypeVar("K")
V = TypeVar("V")


class _LateMapping(MutableMapping[K, V]):
    """A dictionary, but for its type, that is made when it is first looked at."""

    def __init__(self, make: Callable[[], Mapping[K, V]]):
        self._make = make

    @cached_property
    def _found(self) -> dict[K, V]:
        return dict(self._make())

    def __getitem__(self, key: K) -> V:
        return self._found[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __setitem__(self, key: K, value: V) -> None:
        self._found[key] = value

    def __delitem__(self, key: K) -> None:
        del self._found[key]

    def __or__(self, added: Mapping[K, V]) -> dict[K, V]:
        return {**self._found, **added}

    def __ror__(self, under: Mapping[K, V]) -> dict[K, V]:
        return {**under, **self._found}

    def __repr__(self) -> str:
        return repr(self._found)

    def copy(self) -> dict[K, V]:
        """Return a dictionary of its own."""
        return {**self._found}


@dataclass(frozen=True, slots=True)
class Problem:
    """A plugin that was skipped, and why."""

    plugin: str
    distribution: str
    reason: str

    def __str__(self) -> str:
        return f"plugin {self.plugin} of {self.distribution} was skipped: {self.reason}"


@dataclass
class Catalog:
    """Every tool by name, with the exporters, guards, readers, sinks and handlers that plugins provide."""

    specs: dict[str, Spec] = field(default_factory=dict)
    handlers: MutableMapping[Any, Handler] = field(default_factory=dict)
    """Simulator handlers by the tool that they answer for: its name, or its class."""
    exporters: MutableMapping[str, Exporter] = field(default_factory=dict)
    guards: list[Guard] = field(default_factory=list)
    readers: MutableMapping[str, Reader] = field(default_factory=dict)
    sinks: MutableMapping[str, Sink] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    """The distribution each tool came from."""
    handler_origins: dict[str, str] = field(default_factory=dict)
    """The plugin of each simulator handler that is not built in, by the name of its tool."""

    def __iter__(self) -> Iterator[Spec]:
        return iter(self.specs.values())

    def __len__(self) -> int:
        return len(self.specs)

    def spec(self, name: str) -> Spec:
        """Find a tool by its name; raise `UnknownTool` with the nearest names."""
        if not isinstance(name, str):
            raise _not_a_name(name)
        try:
            return self.specs[name]
        except KeyError:
            raise unknown_tool(name, self.specs) from None

    def call(self, name: str, arguments: Mapping[str, Any]) -> Tool[Any]:
        """Build a validated call from plain data.

        Raises `UnknownTool` or `InvalidArguments`; the latter lists every place and reason, and
        never repeats a rejected value.
        """
        spec = self.spec(name)
        if not isinstance(arguments, Mapping):
            raise InvalidArguments(
                f"The arguments of {name} are names with values, and these are of type "
                f"{type(arguments).__name__}.",
                hint="Pass a dictionary, an empty one for a tool without arguments.",
            )
        return spec.tool.model_validate(dict(arguments))


def _not_a_name(given: object) -> InvalidArguments:
    """Return the error of a name that is not text, such as the tool's class."""
    if isinstance(given, Tool) or (isinstance(given, type) and issubclass(given, Tool)):
        cls = given if isinstance(given, type) else type(given)
        hint = f"Its name is {id_of(cls)}; in Python, client.run({cls.__name__}(...)) needs none."
    else:
        hint = "Pass a name such as devin_get_session."
    return InvalidArguments(f"A tool is named by text, and this is {what_is(given)}.", hint=hint)


def unknown_tool(name: str, known: Iterable[str], also: str = "") -> UnknownTool:
    """Return the error of a name that no tool has, with the nearest names."""
    return UnknownTool(f"No tool is called {name[:64]!r}{also}.", hint=did_you_mean(name, known))


def load_catalog(plugins: Collection[str] | None = None) -> Catalog:
    """Load every plugin and collect what it provides; `plugins` names those to add to the built-in ones.

    A plugin that fails costs only itself: it is listed in `problems` and skipped.
    `DEVIN_TOOLS_STRICT_PLUGINS=1` makes that an error instead, and `DEVIN_TOOLS_PLUGINS=a,b` names
    the plugins to load as `plugins` does.

    Raises:
        DuplicateTool: two plugins provide a tool of the same name.
        PluginError: a plugin failed and the strict variable is set.
    """
    catalog = Catalog()
    for name, distribution, load in [*_built_in(), *_installed(plugins)]:
        with _problems(catalog, name, distribution):
            hook = _hooks(name, load())
            _add(catalog, name, distribution, hook, _guards_of(hook))
    for name, parts in LATE.items():
        setattr(catalog, parts, _LateMapping(partial(_built_in_and, name, parts, getattr(catalog, parts))))
    return catalog


@cache
def installed_catalog() -> Catalog:
    """Return the catalog of everything installed, loaded once in a process."""
    return load_catalog()


def _built_in_and(name: str, parts: str, added: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a built-in plugin provides of one kind, and over it what others added."""
    own = Catalog()
    with _problems(own, name, OWN):
        hook = _hooks(name, import_module(BUILT_IN[name]))
        _add(own, name, OWN, hook, [])
    return {**getattr(own, parts), **added}


@contextmanager
def _problems(catalog: Catalog, name: str, distribution: str) -> Iterator[None]:
    """Note what is wrong with a plugin as a problem of the catalog; raise it where that must not be."""
    try:
        yield
    except DuplicateTool:
        raise
    except (Exception, SystemExit) as error:  # some modules exit when a library of theirs is missing
        reason, hint = f"{type(error).__name__}: {error}", ""
        if isinstance(error, PluginError):
            reason, hint = error.message, error.hint
        problem = Problem(name, distribution, reason)
        if os.environ.get(STRICT_VARIABLE) or name in BUILT_IN:
            told = str(problem).replace("was skipped", "failed").removesuffix(".")
            raise PluginError(f"{told}.", hint=hint) from error
        catalog.problems.append(problem)


_loading = threading.Lock()


def installed_guards() -> tuple[Guard, ...]:
    """Return the guards of every installed plugin, loaded once in a process: they may count calls.

    The built-in ones have none, so that a client need not load them. One that has any is checked whole.
    """
    with _loading:
        return _load_guards()


@cache
def _load_guards() -> tuple[Guard, ...]:
    catalog = Catalog()
    for name, distribution, load in _installed(None):
        with _problems(catalog, name, distribution):
            hook = _hooks(name, load())
            if guards := _guards_of(hook):
                _add(catalog, name, distribution, hook, guards)
    return tuple(catalog.guards)


def _guards_of(hook: Any) -> list[Guard]:
    return list(chain.from_iterable(hook.devin_tools_provide_guards()))


Plugin = tuple[str, str, Callable[[], Any]]
"""The name of a plugin, its distribution, and what loads it."""


def _built_in() -> Iterator[Plugin]:
    for name, module in BUILT_IN.items():
        if name not in LATE:
            yield name, OWN, partial(import_module, module)


def _installed(only: Collection[str] | None) -> Iterator[Plugin]:
    only = named_plugins() if only is None else only
    found = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda ep: (ep.name, ep.value))
    for entry_point in found:
        if BUILT_IN.get(entry_point.name) == entry_point.value:
            continue
        if only is None or entry_point.name in only:
            distribution = entry_point.dist.name if entry_point.dist else "an unknown distribution"
            yield entry_point.name, distribution, entry_point.load


def named_plugins() -> set[str] | None:
    """Return the plugins that the environment says to load; `None` where it does not say: all of them."""
    names = os.environ.get(PLUGINS_VARIABLE)
    try:
        return None if names is None else set(split_names(names))
    except ValueError as error:  # what a plugin guards must not go on without it
        raise PluginError(f"{PLUGINS_VARIABLE} {error}.") from None


def _hooks(name: str, module: Any) -> Any:
    """Return the hooks of one plugin; raise for one that no plugin has."""
    plugins = pluggy.PluginManager(ENTRY_POINT_GROUP)
    plugins.add_hookspecs(hookspecs)
    plugins.register(module, name=name)
    plugins.check_pending()
    return plugins.hook


def _add(catalog: Catalog, name: str, distribution: str, hook: Any, guards: list[Guard]) -> None:
    """Collect all that one plugin provides, and keep it only when all of it is valid."""
    specs = [_described(tool) for tool in chain.from_iterable(hook.devin_tools_provide_tools())]
    handlers = [handlers_by_name(given) for given in hook.devin_tools_provide_handlers()]
    exporters = {one.name: one for one in chain.from_iterable(hook.devin_tools_provide_exporters())}
    readers = {one.name: one for one in chain.from_iterable(hook.devin_tools_provide_readers())}
    sinks = {one.name: one for one in chain.from_iterable(hook.devin_tools_provide_sinks())}
    for taken in sorted(RESERVED.intersection(spec.name for spec in specs)):
        raise BadDeclaration(f"{taken} is a name that tools for finding others have; choose another.")
    for spec in specs:
        if spec.name in catalog.specs:
            raise DuplicateTool(
                f"Both {catalog.origins[spec.name]} and {distribution} provide a tool called {spec.name}.",
                hint=f"Uninstall one of them, or leave {name} out of {PLUGINS_VARIABLE}.",
            )
        catalog.specs[spec.name] = spec
        catalog.origins[spec.name] = distribution
    for given in handlers:
        catalog.handlers = {**catalog.handlers, **given}
        catalog.handler_origins |= dict.fromkeys(given, name)
    catalog.exporters = {**catalog.exporters, **exporters}
    catalog.guards += guards
    catalog.readers = {**catalog.readers, **readers}
    catalog.sinks = {**catalog.sinks, **sinks}


def handlers_by_name(handlers: Mapping[Any, Handler]) -> dict[str, Handler]:
    """Return simulator handlers by the names of the tools that they answer for."""
    return {key if isinstance(key, str) else id_of(key): handler for key, handler in handlers.items()}


def _described(tool: Any) -> Spec:
    if isinstance(tool, Spec):
        return tool
    if not (isinstance(tool, type) and issubclass(tool, Tool)):
        raise BadDeclaration(
            f"devin_tools_provide_tools must return Tool classes or specs, not {type(tool).__name__}."
        )
    spec = describe(tool)
    _ = spec.output_schema  # one that cannot be made is told now: later it would break the lists of all tools
    return spec
