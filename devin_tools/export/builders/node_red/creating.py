"""How a session is created once: what the nodes' code needs to tag it and to find it again."""

from __future__ import annotations

from typing import Any

from ....api.shared.fields import MAX_TAGS
from ....api.shared.once import KEY_TAG, LOOKS
from ....spec import Spec
from ....tool_index import own_spec

TAGS = "tags"


def once_of(spec: Spec) -> dict[str, Any] | None:
    """Return how what a tool of one request starts is found again; `None` where nothing finds it."""
    spending = spec.effect.spending
    if spending is None or spending.key is None or not spec.is_one_request:
        return None
    listing = own_spec("devin_list_sessions")
    paging, route = listing.paging, listing.route
    if paging is None or route is None or TAGS not in spec.input_schema["properties"]:
        return None
    return {
        "key": spending.key,
        "tags": TAGS,
        "mark": KEY_TAG,
        "most": MAX_TAGS,
        "looks": LOOKS,
        "list": {
            "path": route.template,
            "tags": TAGS,
            "archived": "is_archived",
            "items": paging.wire_items,
            "cursor": paging.cursor,
            "more": paging.more,
            "after": next(place.wire for place in listing.places if place.field == paging.cursor_field),
            "id": "session_id",
            "created": "created_at",
        },
    }
