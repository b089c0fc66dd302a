"""The search attributes: whether a server has them, and how it gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import OUTCOME, SESSION_ID, TOOL

if TYPE_CHECKING:
    from temporalio.client import Client

NAMES = (TOOL, SESSION_ID, OUTCOME)


async def has_attributes(client: Client) -> bool:
    """Return whether the namespace has all of them, as keywords; a server that does not say has none."""
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
    from temporalio.service import RPCError

    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        known = (await client.operator_service.list_search_attributes(request)).custom_attributes
    except RPCError:
        return False
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    return all(known.get(name) == keyword for name in NAMES)


async def add_attributes(client: Client) -> None:
    """Add those that the namespace lacks; the server must allow it."""
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest

    request = ListSearchAttributesRequest(namespace=client.namespace)
    known = (await client.operator_service.list_search_attributes(request)).custom_attributes
    lacking = {name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for name in NAMES if name not in known}
    if lacking:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=lacking)
        )
