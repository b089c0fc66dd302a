"""The dialect of Sim, the workflow builder: its parameters in, its outputs out, for every tool.

from devin_tools import Client
from devin_tools.adapters.sim import run

with Client() as client:
    output = run(client, "devin_create_session", {"prompt": "Fix it.", "tags": "bug, cart"})
    print(output["sessionId"])

All of it follows from the specs. What Sim's own eleven tools do otherwise is one table, in
`export/builders/sim/declarations.py`. Where Sim's ways would cost money or lose something, this package
keeps its own: docs/sim.md lists each place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import SecretStr

from ..catalog import installed_catalog
from ..declarations import describe
from ..dispatch import require_async_client, require_client
from ..errors import MissingSetting
from ..export.builders.sim.outputs import output_for_sim
from ..export.builders.sim.params import API_KEY, JS_WHITESPACE, ORG_ID, arguments_from
from ..presets import require_catalog
from ..tool import Tool

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..client import AsyncClient, Client

C = TypeVar("C", "Client", "AsyncClient")

__all__ = ["Account", "arun", "output_for_sim", "run", "translated"]


@dataclass(frozen=True, slots=True)
class Account:
    """Whose call it is; `None`: what the settings say. The key shows in no text of it."""

    api_key: SecretStr | None = None
    org_id: str | None = None

    @classmethod
    def among(cls, params: Mapping[str, Any]) -> Account:
        """Find the account among parameters.

        Raises `MissingSetting` for one that is there and empty: an unset variable of a workflow must not
        make the call run as somebody else.
        """
        key, org_id = _text(params, API_KEY), _text(params, ORG_ID)
        return cls(None if key is None else SecretStr(key), org_id)

    def client(self, client: C) -> C:
        """Return the client that acts for it: the one given, where that does already."""
        return client.acting_as(api_key=self.api_key, org_id=self.org_id) if self.overrides() else client

    def overrides(self) -> dict[str, Any]:
        """Return the settings that it replaces."""
        given = {"api_key": self.api_key, "org_id": self.org_id}
        return {name: value for name, value in given.items() if value is not None}


def _text(params: Mapping[str, Any], name: str) -> str | None:
    if name not in params:
        return None
    value = params[name]
    text = value.strip(JS_WHITESPACE) if isinstance(value, str) else ""
    if not text:
        raise MissingSetting(
            f"{name} is among the parameters, but holds no text.",
            hint="Give it a value, or leave it out to use the settings (DEVIN_API_KEY, DEVIN_ORG_ID).",
        )
    return text


def run(
    client: Client,
    name: str,
    params: Mapping[str, Any],
    *,
    catalog: Catalog | None = None,
    confirm: bool = False,
) -> dict[str, Any]:
    """Run a tool and return its output, both in the dialect.

    `apiKey` and `orgId` among the parameters replace the client's own for this call. `catalog` holds the
    tools that may be called, by default all that are installed; `confirm` is a person's consent. Raises
    what `Client.run` and `Catalog.call` raise.
    """
    require_client(client)
    call, account = translated(name, params, catalog)
    return output_for_sim(describe(type(call)), account.client(client).run(call, confirm=confirm))


async def arun(
    client: AsyncClient,
    name: str,
    params: Mapping[str, Any],
    *,
    catalog: Catalog | None = None,
    confirm: bool = False,
) -> dict[str, Any]:
    """Run a tool on an event loop; otherwise as `run`."""
    require_async_client(client)
    call, account = translated(name, params, catalog)
    return output_for_sim(describe(type(call)), await account.client(client).run(call, confirm=confirm))


def translated(
    name: str, params: Mapping[str, Any], catalog: Catalog | None = None
) -> tuple[Tool[Any], Account]:
    """Turn Sim's parameters into a validated call and the account it is for; nothing is sent."""
    require_catalog(catalog)
    catalog = installed_catalog() if catalog is None else catalog
    account = Account.among(params)
    return catalog.call(name, arguments_from(catalog.spec(name), params)), account
