"""The way to a Temporal server: from its own environment variables and settings file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...errors import UsageError

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.converter import PayloadCodec


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
    from temporalio.envconfig import ClientConfig

    options: dict[str, Any] = dict(ClientConfig.load_client_connect_config(profile))
    options |= {"target_host": address} if address else {}
    options |= {"namespace": namespace} if namespace else {}
    options.setdefault("target_host", "localhost:7233")
    return await Client.connect(**options, **encoded(codec))


def encoded(codec: PayloadCodec | None) -> dict[str, Any]:
    """Return the option of a client that encodes payloads."""
    if codec is None:
        return {}
    from dataclasses import replace

    from temporalio.converter import DataConverter

    return {"data_converter": replace(DataConverter.default, payload_codec=codec)}


def load_codec(name: str) -> PayloadCodec:
    """Find a codec by `module:name`, and make it when it is a class; raise `UsageError` for none."""
    module, _, attribute = name.partition(":")
    try:
        found: Any = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError):
        raise UsageError(
            f"There is no codec {name[:100]!r}.", hint="Name it as module:name, where Python finds it."
        ) from None
    codec: PayloadCodec = found() if isinstance(found, type) else found
    return codec
