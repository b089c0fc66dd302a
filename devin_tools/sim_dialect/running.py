"""Run a tool with Sim's parameters and give Sim's output."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog, load_catalog
from ..spec import describe
from ..tool import Tool
from .account import Account
from .outputs import output_for_sim
from .params import arguments_from

if TYPE_CHECKING:
    from ..client import AsyncClient, Client

__all__ = ["arun", "run", "translated"]


def run(
    client: Client,
    name: str,
    params: Mapping[str, Any],
    *,
    catalog: Catalog | None = None,
    confirm: bool = False,
) -> dict[str, Any]:
    """Run a tool and give its output, both in the dialect.

    `apiKey` and `orgId` among the parameters replace the client's own for this call. `catalog` holds the
    tools that may be called, by default all that are installed; `confirm` is a person's consent. Raises
    what `Client.run` and `Catalog.call` raise.
    """
    call, account = translated(name, params, catalog)
    with_account = client.acting_as(**account.overrides())
    return output_for_sim(describe(type(call)), with_account.run(call, confirm=confirm))


async def arun(
    client: AsyncClient,
    name: str,
    params: Mapping[str, Any],
    *,
    catalog: Catalog | None = None,
    confirm: bool = False,
) -> dict[str, Any]:
    """Run a tool on an event loop; otherwise as `run`."""
    call, account = translated(name, params, catalog)
    with_account = client.acting_as(**account.overrides())
    return output_for_sim(describe(type(call)), await with_account.run(call, confirm=confirm))


def translated(
    name: str, params: Mapping[str, Any], catalog: Catalog | None = None
) -> tuple[Tool[Any], Account]:
    """Turn Sim's parameters into a validated call and the account it is for; nothing is sent."""
    catalog = _installed() if catalog is None else catalog
    account = Account.among(params)
    return catalog.call(name, arguments_from(catalog.spec(name), params)), account


@lru_cache(maxsize=1)
def _installed() -> Catalog:
    return load_catalog()
