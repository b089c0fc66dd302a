"""Connect to a Temporal server, by its own environment variables and settings file."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...errors import UsageError, needs_extra

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.converter import PayloadCodec


def require_temporal() -> None:
    """Raise `UsageError` when Temporal's package is not installed."""
    try:
        import temporalio  # noqa: F401
    except ModuleNotFoundError:
        raise UsageError("Temporal's package is not installed.", hint=needs_extra("temporal")) from None


async def connect(
    address: str | None = None,
    *,
    namespace: str | None = None,
    profile: str | None = None,
    codec: PayloadCodec | None = None,
) -> Client:
    """Connect to a server: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_...`,
    or a profile of Temporal's settings file.

    `codec` encodes all payloads, such as one that encrypts: every worker and caller needs the same.
    """
    from temporalio.client import Client
    from temporalio.converter import DataConverter
    from temporalio.envconfig import ClientConfig

    options: dict[str, Any] = dict(ClientConfig.load_client_connect_config(profile))
    options |= {"target_host": address} if address else {}
    options |= {"namespace": namespace} if namespace else {}
    options |= {"data_converter": replace(DataConverter.default, payload_codec=codec)} if codec else {}
    options.setdefault("target_host", "localhost:7233")
    return await Client.connect(**options)


def load_codec(name: str) -> PayloadCodec:
    """Import a codec by `module:name`, and make it when it is a class; raise `UsageError` for none."""
    module, _, attribute = name.partition(":")
    try:
        found: Any = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError):
        raise UsageError(
            f"There is no codec {name[:100]!r}.", hint="Name it as module:name, where Python finds it."
        ) from None
    codec: PayloadCodec = found() if isinstance(found, type) else found
    return codec
