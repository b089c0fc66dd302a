"""The search attributes: whether a server has them, and how it gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .names import OUTCOME, SESSION_ID, TOOL

if TYPE_CHECKING:
    from temporalio.client import Client

NAMES = (TOOL, SESSION_ID, OUTCOME)


async def has_attributes(client: Client) -> bool:
    """Return whether the namespace has all of them, as keywords; a server that does not say has none."""
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.service import RPCError

    try:
        known = await _attributes(client)
    except RPCError:
        return False
    return all(known.get(name) == IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for name in NAMES)


async def add_attributes(client: Client) -> None:
    """Add those that the namespace lacks; the server must allow it."""
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest

    known = await _attributes(client)
    lacking = {name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for name in NAMES if name not in known}
    if lacking:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=lacking)
        )


async def _attributes(client: Client) -> Any:
    """Return the types of the namespace's own attributes by their names."""
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

    request = ListSearchAttributesRequest(namespace=client.namespace)
    return (await client.operator_service.list_search_attributes(request)).custom_attributes
