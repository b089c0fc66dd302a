"""The connection: from Airflow's secrets to the settings of a client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from devin_tools.errors import DevinToolsError, MissingSetting

from .airflow_names import BaseHook

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from devin_tools import AsyncClient, Client, Settings, Tool

    from .pace import Pace

__all__ = ["DevinHook"]

OWN = {"org_id", "namespace", "requests_per_minute"}
"""Extras that are not rules."""


class DevinHook(BaseHook):
    """Gives clients of the Devin API, made from an Airflow connection.

    The key is the connection's password, the API's host its host. Neither they nor the organisation are ever
    taken from the environment.
    """

    conn_name_attr = "devin_conn_id"
    default_conn_name = "devin_default"
    conn_type = "devin"
    hook_name = "Devin"

    def __init__(self, devin_conn_id: str = default_conn_name, **kwargs: Any):
        super().__init__(**kwargs)
        self.devin_conn_id = devin_conn_id

    def get_conn(self) -> Client:
        """Make a client; close it when you are done."""
        from devin_tools import Client

        return Client(self.settings())

    def settings(self) -> Settings:
        """Read the connection; raise `MissingSetting` when it cannot be used."""
        return settings_of(self.get_connection(self.devin_conn_id))

    def namespace(self) -> str:
        """Return what tells this deployment's tasks from those of others."""
        return str(_extras(self.get_connection(self.devin_conn_id)).get("namespace", ""))

    async def async_client(self) -> tuple[AsyncClient, Pace]:
        """Make a client for the running event loop, and the pace to look at."""
        from devin_tools import AsyncClient

        from .pace import Pace

        connection = await self.aget_connection(self.devin_conn_id)
        limit = _extras(connection).get("requests_per_minute")
        return AsyncClient(settings_of(connection)), Pace.under(float(limit)) if limit else Pace()

    def test_connection(self) -> tuple[bool, str]:
        """Return whether the key works, and whether it may read the organisation's sessions."""
        from devin_tools import Client
        from devin_tools.api import GetSelf, ListSessions

        try:
            settings = replace(self.settings(), max_tries=1, max_retry_seconds=0.0)
            with Client(settings, guards=()) as client:
                principal = _drive(client, GetSelf())
                _drive(client, ListSessions(limit=1))
        except DevinToolsError as error:
            return False, f"{error.message} {error.hint}".strip()
        name = getattr(principal, "name", None) or "an unnamed principal"
        return True, f"Connected as {name}, organisation {settings.org_id or principal.org_id}."


def _drive(client: Client, call: Tool[Any]) -> Any:
    """Perform the bare steps of a call: a test of the connection asks no rule."""
    return client.drive(call.flow())


def settings_of(connection: Connection) -> Settings:
    """Make settings of a connection."""
    from devin_tools import Settings

    if not connection.password:
        raise MissingSetting(f"The connection {connection.conn_id!r} has no password: put the API key there.")
    extras = _extras(connection)
    rules = {name: extras[name] for name in _rules() & extras.keys()}
    loaded = Settings.load(api_key=connection.password, base_url=_base_url(connection), **rules)
    return replace(loaded, org_id=extras.get("org_id"))


def _extras(connection: Connection) -> Mapping[str, Any]:
    """Return the extras that say something; refuse names that nobody would heed."""
    given = {name: value for name, value in connection.extra_dejson.items() if value not in (None, "")}
    if unknown := sorted(given.keys() - _rules() - OWN):
        hint = f"There are {', '.join(sorted(_rules() | OWN))}."
        raise MissingSetting(f"The connection has unknown extras: {', '.join(unknown)}.", hint=hint)
    return given


def _rules() -> set[str]:
    """Name the settings that extras may give. The environment may too: a rule of the machine holds here."""
    from devin_tools.settings import VARIABLES

    return VARIABLES.keys() - {"api_key", "org_id", "base_url"}


def _base_url(connection: Connection) -> str:
    from devin_tools.settings import DEFAULT_BASE_URL

    host = connection.host or DEFAULT_BASE_URL
    port = f":{connection.port}" if connection.port else ""
    return f"{host if '://' in host else f'https://{host}'}{port}"
