"""The clients, and what a request passes on its way: guards, retries, the clock, bodies and files."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["AsyncClient", "Client"]

if TYPE_CHECKING:
    from .async_client import AsyncClient
    from .sync_client import Client
else:

    def __getattr__(name: str) -> Any:
        """Import the client that is asked for: the other one needs asyncio."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = import_module(".async_client" if name == "AsyncClient" else ".sync_client", __name__)
        return getattr(home, name)
