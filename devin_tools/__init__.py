"""Operations of the Devin REST API as self-describing tools with typed input and output.

Names are imported on first use, so that `import devin_tools` costs next to nothing. Every tool
and output of `devin_tools.api` and `devin_tools.tasks` can be imported from here too.
"""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from .moved import keep_old_names

if TYPE_CHECKING:
    from .api import *
    from .catalog import Catalog as Catalog
    from .catalog import load_catalog as load_catalog
    from .client.clients import AsyncClient as AsyncClient
    from .client.clients import Client as Client
    from .errors import Ambiguous as Ambiguous
    from .errors import ApiError as ApiError
    from .errors import BadDeclaration as BadDeclaration
    from .errors import BadRequest as BadRequest
    from .errors import BadRules as BadRules
    from .errors import BadSignature as BadSignature
    from .errors import Busy as Busy
    from .errors import Conflict as Conflict
    from .errors import ConnectionFailed as ConnectionFailed
    from .errors import ConnectionLost as ConnectionLost
    from .errors import DevinToolsError as DevinToolsError
    from .errors import DuplicateTool as DuplicateTool
    from .errors import FileFault as FileFault
    from .errors import FileTaken as FileTaken
    from .errors import Forbidden as Forbidden
    from .errors import InvalidArguments as InvalidArguments
    from .errors import MissingSetting as MissingSetting
    from .errors import NetworkError as NetworkError
    from .errors import NotFound as NotFound
    from .errors import PluginError as PluginError
    from .errors import RateLimited as RateLimited
    from .errors import Refused as Refused
    from .errors import ServerFault as ServerFault
    from .errors import SinkFailed as SinkFailed
    from .errors import Unauthenticated as Unauthenticated
    from .errors import UnexpectedResponse as UnexpectedResponse
    from .errors import UnknownTool as UnknownTool
    from .errors import UnreadableEvent as UnreadableEvent
    from .errors import UsageError as UsageError
    from .hookspecs import hookimpl as hookimpl
    from .settings import Settings as Settings
    from .simulator import Simulator as Simulator
    from .spec import Spec as Spec
    from .spec import describe as describe
    from .tasks import *
    from .tasks.run_task import expecting as expecting
    from .tool import Output as Output
    from .tool import Tool as Tool
    from .version import __version__ as __version__

_HOMES = {
    "catalog": ("Catalog", "load_catalog"),
    "client": ("AsyncClient", "Client"),
    "errors": (
        "Ambiguous",
        "ApiError",
        "BadDeclaration",
        "BadRequest",
        "BadRules",
        "BadSignature",
        "Busy",
        "Conflict",
        "ConnectionFailed",
        "ConnectionLost",
        "DevinToolsError",
        "DuplicateTool",
        "FileFault",
        "FileTaken",
        "Forbidden",
        "InvalidArguments",
        "MissingSetting",
        "NetworkError",
        "NotFound",
        "PluginError",
        "RateLimited",
        "Refused",
        "ServerFault",
        "SinkFailed",
        "Unauthenticated",
        "UnexpectedResponse",
        "UnknownTool",
        "UnreadableEvent",
        "UsageError",
    ),
    "hookspecs": ("hookimpl",),
    "settings": ("Settings",),
    "simulator": ("Simulator",),
    "spec": ("Spec", "describe"),
    "tasks.run_task": ("expecting",),
    "tool": ("Output", "Tool"),
    "version": ("__version__",),
}
keep_old_names()

_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # type checkers read the imports above; this would make every name Any

    def __getattr__(name: str) -> Any:
        if name == "__all__":
            declared = (import_module(package, __name__).__all__ for package in (".api", ".tasks"))
            return sorted([*_HOME, *chain.from_iterable(declared)])
        homes = (_HOME[name],) if name in _HOME else ("api", "tasks") if name[:1].isupper() else ()
        for home in homes:
            module = import_module(f".{home}", __name__)
            if name in vars(module):
                value = globals()[name] = getattr(module, name)
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return __getattr__("__all__")
