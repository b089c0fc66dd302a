"""What is wrong in a simulator handler is told with the names of the handler and of its plugin."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from ..errors import DevinToolsError, PluginError
from .refusal import Refusal

BODY_HINT = (
    "A handler returns the JSON body that the API would answer: dictionaries, lists, text and numbers. "
    "Of a session that is world.session(call.session_id).to_wire(world.now, full=True)."
)


class _NoJson(TypeError):
    """A value that JSON has not, by its type."""


def as_json(body: Any) -> bytes:
    """Write the body that a handler returned."""
    return json.dumps(body, default=_refuse).encode()


def _refuse(value: Any) -> NoReturn:
    raise _NoJson(type(value).__name__)


@contextmanager
def named_faults(handler: Callable[..., Any], tool: str, plugin: str | None) -> Iterator[None]:
    """Turn what a handler raises into a `PluginError` that names it; refusals pass.

    The message has no text of the error, which could repeat a value; the error itself is its cause.
    """
    try:
        yield
    except (Refusal, DevinToolsError):
        raise
    except _NoJson as error:
        told = f"{_named(handler, tool, plugin)} returned a value of type {error}, which JSON has not."
        raise PluginError(told, hint=BODY_HINT) from error
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}, line {frame.lineno}"
        told = f"{_named(handler, tool, plugin)} raised {type(error).__name__} at {place}."
        raise PluginError(told, hint=BODY_HINT) from error


def _named(handler: Callable[..., Any], tool: str, plugin: str | None) -> str:
    name = getattr(handler, "__qualname__", type(handler).__name__)
    module = getattr(handler, "__module__", "")
    owner = f" of the plugin {plugin}" if plugin else ""
    return f"The simulator handler {module}.{name}{owner}, which answers {tool},"
